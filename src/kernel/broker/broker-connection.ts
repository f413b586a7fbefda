import { Logger } from '@nestjs/common';
import type { AmqpConnectionManager } from 'amqp-connection-manager';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { brokerUnrouted, brokerUp } from './broker-metrics.js';
import { within } from './within.js';

/** Two silent intervals end a connection: 10 s. */
const HEARTBEAT_SECONDS = 5;
const CONNECT_MS = 5_000;
const RECONNECT_SECONDS = 1;
const ANSWER_MS = 5_000;
const CLOSE_MS = 2_000;

/**
 * One connection with one confirming channel, opened again for as long as the process lives. The
 * manager's own channels keep what could not be sent in memory; here that is PostgreSQL's business,
 * so that a message is sent now or not at all.
 */
export class BrokerConnection {
  private readonly log = new Logger('Broker');
  private manager: AmqpConnectionManager | undefined;
  private model: ChannelModel | undefined;
  private ready: ConfirmChannel | undefined;
  private blocked = false;
  private complained = false;

  constructor(
    private readonly url: string,
    private readonly exchange: string,
    /** Called whenever messages can be sent again. */
    private readonly onReady: () => void,
  ) {}

  /** Undefined while nothing can be sent: no connection, or the broker lacks memory or disk. */
  get channel(): ConfirmChannel | undefined {
    return this.blocked ? undefined : this.ready;
  }

  /** Begins to connect; never throws for what is outside of the process. */
  async open(): Promise<void> {
    const { connect } = await import('amqp-connection-manager');
    const manager = connect([this.url], {
      heartbeatIntervalInSeconds: HEARTBEAT_SECONDS,
      reconnectTimeInSeconds: RECONNECT_SECONDS,
      connectionOptions: {
        timeout: CONNECT_MS,
        noDelay: true,
        clientProperties: { connection_name: 'tickettoken-payments' },
      },
    });
    this.manager = manager;
    manager.on('connect', () => {
      if (manager.connection) void this.begin(manager.connection);
    });
    manager.on('disconnect', ({ err }) => {
      this.lose(err);
    });
    manager.on('connectFailed', ({ err }) => {
      this.lose(err);
    });
    manager.on('blocked', ({ reason }) => {
      this.block(true);
      this.log.warn(`the broker takes no messages: ${reason}`);
    });
    manager.on('unblocked', () => {
      this.block(false);
    });
  }

  /**
   * Leaves a connection that does not answer. It is closed politely; one that does not even hear that
   * ends with its heartbeats. Then the next one is opened.
   */
  giveUp(error: Error): void {
    const { model } = this;
    this.lose(error);
    if (model) hangUp(model);
  }

  /** Ends in two seconds, whether the broker answers or not. */
  async close(): Promise<void> {
    const { manager } = this;
    this.ready = undefined;
    if (!manager) return;
    manager.removeAllListeners();
    await within(CLOSE_MS, manager.close()).catch(() => undefined);
  }

  private async begin(model: ChannelModel): Promise<void> {
    this.model = model;
    try {
      const channel = await within(ANSWER_MS, model.createConfirmChannel());
      // Said again by the event `close`; unheard it would end the process.
      channel.on('error', (error: Error) => this.log.warn(`channel: ${error.message}`));
      channel.on('close', () => {
        if (this.ready === channel) this.giveUp(new Error('the channel was closed'));
      });
      channel.on('return', () => {
        brokerUnrouted.inc();
      });
      await within(ANSWER_MS, channel.assertExchange(this.exchange, 'topic', { durable: true }));
      if (this.model !== model) return;
      this.ready = channel;
      this.complained = false;
      this.block(false);
      this.log.log('connected to the broker');
    } catch (error) {
      if (this.model === model) this.giveUp(error as Error);
      else hangUp(model);
    }
  }

  private block(blocked: boolean): void {
    this.blocked = blocked;
    brokerUp.set(this.channel ? 1 : 0);
    if (this.channel) this.onReady();
  }

  /** Says so once an outage. */
  private lose(error: Error | undefined): void {
    this.model = undefined;
    this.ready = undefined;
    brokerUp.set(0);
    if (!this.complained) this.log.warn(`the broker is away: ${error?.message ?? 'no reason'}`);
    this.complained = true;
  }
}

/** Throws, rather than rejects, when the connection has ended by itself. */
function hangUp(model: ChannelModel): void {
  try {
    model.close().catch(() => undefined);
  } catch {
    // It is closed.
  }
}
