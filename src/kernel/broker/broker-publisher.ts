import { Logger } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import type { Forwarder } from '../outbox/forwarder.js';
import type { ClaimedEvent } from '../outbox/outbox-rows.js';
import type { BrokerConnection } from './broker-connection.js';
import { messageOf } from './broker-message.js';
import { brokerPublished, brokerUnconfirmed } from './broker-metrics.js';
import { within } from './within.js';

const CONFIRM_MS = 5_000;

/**
 * Publishes events and waits until the broker has confirmed them. A confirmed message is safe in
 * every queue that was bound to its type. Where none was, it is confirmed too and kept by nobody:
 * that is no error, for who wants events binds a durable queue first; `broker_unrouted_total` tells.
 */
export class BrokerPublisher implements Forwarder {
  private readonly log = new Logger('Broker');

  constructor(
    private readonly connection: BrokerConnection,
    private readonly exchange: string,
  ) {}

  get ready(): boolean {
    return this.connection.channel !== undefined;
  }

  async forward(events: readonly ClaimedEvent[]): Promise<readonly ClaimedEvent[]> {
    const { channel } = this.connection;
    if (!channel) return [];
    const confirmed: ClaimedEvent[] = [];
    const answers = events.map(async (event) => {
      await this.publish(channel, event);
      confirmed.push(event);
    });
    try {
      await within(CONFIRM_MS, Promise.allSettled(answers));
    } catch (error) {
      this.connection.giveUp(error as Error);
    }
    const missing = events.length - confirmed.length;
    if (missing > 0) this.log.warn(`${missing} of ${events.length} events were not confirmed`);
    return [...confirmed];
  }

  /** Rejects when the broker refuses the message or the channel ends before it has answered. */
  private async publish(channel: ConfirmChannel, event: ClaimedEvent): Promise<void> {
    const { routingKey, content, properties } = messageOf(event);
    brokerUnconfirmed.inc();
    try {
      await new Promise<void>((resolve, reject) => {
        channel.publish(this.exchange, routingKey, content, properties, (error: Error | null) => {
          if (error) reject(error);
          else resolve();
        });
      });
      brokerPublished.inc();
    } finally {
      brokerUnconfirmed.dec();
    }
  }
}
