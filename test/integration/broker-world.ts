import { setTimeout as sleep } from 'node:timers/promises';
import { CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import type { ConsumeMessage } from 'amqplib';
import { BrokerModule } from '../../src/kernel/broker/index.js';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { ObservabilityModule, ReadinessChecks } from '../../src/kernel/observability/index.js';
import {
  type EventToPublish,
  OutboxModule,
  publish,
  PublishedTypes,
  Subscribers,
} from '../../src/kernel/outbox/index.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { ENVIRONMENT } from './edge-app.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';
import type { TestRabbit } from '../support/rabbitmq.js';

/** An outbox that works in the background, one subscriber of its own, and a broker that it tells. */
export interface BrokerWorld extends OpenDatabase {
  readonly app: TestingModule;
  readonly tenantId: Uuid;
  /** Publishes so many events, of a type the subscriber follows, and answers their ids. */
  publish(howMany: number, over?: Partial<EventToPublish>): Promise<Uuid[]>;
  count(text: string): Promise<number>;
  /** How many events the subscriber has handled; more than once would be refused. */
  effects(): Promise<number>;
  unprocessed(): Promise<number>;
  /** Can events be published to the broker, as the readiness check has it? */
  isUp(): Promise<boolean>;
}

export async function startBrokerWorld(
  amqpUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BrokerWorld> {
  const db = await openDatabase();
  await db.query(`CREATE TABLE effects (tenant_id uuid, event_id uuid, PRIMARY KEY (event_id))`);
  await db.query(`SELECT protect_tenant_table('effects')`);
  const config = loadConfig({ ...ENVIRONMENT, AMQP_URL: amqpUrl, ...settings });
  const kernel = [CqrsModule.forRoot(), ObservabilityModule, OutboxModule, BrokerModule];
  const app = await Test.createTestingModule({
    imports: [ConfigModule.register(config), ground(db, config.role !== 'api'), ...kernel],
  }).compile();
  app.useLogger(false);
  app.get(PublishedTypes).declare(['thing.happened', 'thing.ended']);
  app.get(Subscribers).add(
    { name: 'counter', events: ['thing.happened'] },
    {
      handle: ({ tenantId, id }) => [
        sql`INSERT INTO effects (tenant_id, event_id) VALUES (${tenantId}, ${id})`,
      ],
    },
  );
  await app.init();
  const tenantId = newId();
  const count = async (text: string) => Number((await db.query(text))[0]?.count);
  return {
    ...db,
    app,
    tenantId,
    count,
    publish: async (howMany, over) => {
      const events = Array.from({ length: howMany }, () => happened(over));
      await db.database.transact(
        tenantId,
        events.map((event) => publish(tenantId, event)),
      );
      return events.map(({ id }) => id);
    },
    effects: () => count('SELECT count(*) FROM effects'),
    unprocessed: () => count('SELECT count(*) FROM outbox WHERE processed_at IS NULL'),
    isUp: async () => {
      const check = app.get(ReadinessChecks).all();
      const broker = check.find(({ name }) => name === 'broker');
      return (
        (await broker?.check().then(
          () => true,
          () => false,
        )) === true
      );
    },
    close: async () => {
      await app.close();
      await db.close();
    },
  };
}

/** How long a broker that has just begun again may take to hand out what it holds. */
const NEXT_MESSAGE_MS = 20_000;

function happened(over: Partial<EventToPublish> = {}): EventToPublish {
  return {
    id: newId(),
    type: 'thing.happened',
    version: 1,
    aggregateType: 'thing',
    aggregateId: newId(),
    occurredAt: new Date('2026-01-12T10:00:00.500Z'),
    payload: { cents: 11_845 },
    ...over,
  };
}

/** A durable queue that is told of everything (or what the pattern says) from now on. */
export async function bindQueue(rabbit: TestRabbit, queue: string, pattern = '#'): Promise<void> {
  const connection = await rabbit.connect();
  const channel = await connection.createChannel();
  await channel.assertExchange('tickettoken.events', 'topic', { durable: true });
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, 'tickettoken.events', pattern);
  await connection.close();
}

/**
 * Takes everything out of a queue; waits for the next one of so many messages as long as a broker
 * may need that has just begun again on a busy machine.
 */
export async function drainQueue(
  rabbit: TestRabbit,
  queue: string,
  atLeast: number,
): Promise<ConsumeMessage[]> {
  const connection = await rabbit.connect();
  const channel = await connection.createChannel();
  const messages: ConsumeMessage[] = [];
  await channel.prefetch(500);
  let latest = Date.now();
  await channel.consume(queue, (message) => {
    if (!message) return;
    messages.push(message);
    latest = Date.now();
    channel.ack(message);
  });
  while (messages.length < atLeast && Date.now() - latest < NEXT_MESSAGE_MS) await sleep(50);
  // What else is there comes at once.
  await sleep(300);
  await connection.close();
  return messages;
}
