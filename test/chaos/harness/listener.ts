import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRabbit } from '../../support/rabbitmq.js';

const EXCHANGE = 'tickettoken.events';
const QUEUE = 'chaos.listener';
const SILENCE_MS = 1_500;

/** Another service at the broker: a durable queue that gets every event. */
export class Listener {
  private constructor(private readonly rabbit: TestRabbit) {}

  static async bind(rabbit: TestRabbit): Promise<Listener> {
    const connection = await rabbit.connect();
    const channel = await connection.createChannel();
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    await channel.assertQueue(QUEUE, { durable: true });
    await channel.bindQueue(QUEUE, EXCHANGE, '#');
    await connection.close();
    return new Listener(rabbit);
  }

  /** Empties the queue, and answers the ids of all events in it. */
  async heard(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    const connection = await this.rabbit.connect();
    const channel = await connection.createChannel();
    let last = Date.now();
    await channel.consume(
      QUEUE,
      (message) => {
        last = Date.now();
        ids.add(String(message?.properties.messageId));
      },
      { noAck: true },
    );
    while (Date.now() - last < SILENCE_MS) await sleep(100);
    await connection.close();
    return ids;
  }
}
