import { Injectable } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  DurableSubscriber,
  type EventToPublish,
  type IntegrationEvent,
  OutboxModule,
  publish,
  PublishedTypes,
  type Subscriber,
} from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';

/*
 * Importing this file gives a spec a database of its own, an application with two subscribers and
 * an empty outbox before each test.
 */

export const TENANT = newId();
export const OTHER_TENANT = newId();

/** What the subscriber does with an event whose payload says so. */
let mood: (event: IntegrationEvent) => void = () => undefined;

export function setMood(next: typeof mood): void {
  mood = next;
}

@DurableSubscriber({ name: 'counter', events: ['thing.happened'] })
@Injectable()
export class Counter implements Subscriber {
  handle(event: IntegrationEvent): readonly Statement[] {
    mood(event);
    return [
      sql`INSERT INTO effects (tenant_id, event_id) VALUES (${event.tenantId}, ${event.id})`,
      ...(event.payload.poison === 'sql' ? [sql`SELECT 1 / 0`] : []),
    ];
  }
}

@DurableSubscriber({ name: 'echo', events: ['thing.happened', 'thing.ended'] })
@Injectable()
export class Echo implements Subscriber {
  readonly heard: IntegrationEvent[] = [];

  handle(event: IntegrationEvent): readonly Statement[] {
    this.heard.push(event);
    return [];
  }
}

export let db: OpenDatabase;
export let app: TestingModule;
export let relay: OutboxRelay;

export const event = (over: Partial<EventToPublish> = {}): EventToPublish => ({
  id: newId(),
  type: 'thing.happened',
  version: 1,
  aggregateType: 'thing',
  aggregateId: newId(),
  occurredAt: new Date('2026-01-12T10:00:00Z'),
  payload: { cents: 11845 },
  ...over,
});

export async function published(
  tenantId: Uuid,
  ...events: EventToPublish[]
): Promise<EventToPublish[]> {
  await db.database.transact(
    tenantId,
    events.map((e) => publish(tenantId, e)),
  );
  return events;
}

export const many = (
  count: number,
  over: (index: number) => Partial<EventToPublish> = () => ({}),
) => Array.from({ length: count }, (_, index) => event(over(index)));

export const effects = () => db.query('SELECT tenant_id, event_id FROM effects ORDER BY event_id');
export const count = async (text: string) => Number((await db.query(text))[0]?.count);
export const unprocessed = () => count('SELECT count(*) FROM outbox WHERE processed_at IS NULL');
export const endLeases = () =>
  db.query(`UPDATE outbox SET lease_until = now() - interval '1 second'`);
export const endPauses = () => db.query(`UPDATE outbox SET next_attempt_at = now()`);

export async function newApp(background = false): Promise<TestingModule> {
  const testing = await Test.createTestingModule({
    imports: [ground(db, background), CqrsModule.forRoot(), OutboxModule],
    providers: [Counter, Echo],
  }).compile();
  testing.get(PublishedTypes).declare(['thing.happened', 'thing.ended', 'thing.ignored']);
  return testing;
}

beforeAll(async () => {
  db = await openDatabase();
  await db.query(`CREATE TABLE effects (tenant_id uuid NOT NULL, event_id uuid NOT NULL)`);
  await db.query(`SELECT protect_tenant_table('effects')`);
  app = await newApp();
  await app.init();
  relay = app.get(OutboxRelay);
});

beforeEach(async () => {
  mood = () => undefined;
  armFailpoints(undefined);
  app.get(Echo).heard.length = 0;
  await db.query('TRUNCATE effects, outbox, outbox_dlq, event_inbox, open_items');
});

afterAll(async () => {
  await app.close();
  await db.close();
});
