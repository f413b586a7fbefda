import { Injectable } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { PeriodicTasks } from '../../src/kernel/jobs/periodic.js';
import {
  DurableSubscriber,
  type EventToPublish,
  type IntegrationEvent,
  OUTBOX_RELAY,
  OutboxBacklog,
  OutboxModule,
  publish,
  RedriveDeadLetters,
  type Subscriber,
} from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { OutboxRetention } from '../../src/kernel/outbox/retention.js';
import { DatabaseUnavailable } from '../../src/kernel/postgres/errors.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { ground, type OpenDatabase, openDatabase, until } from './outbox-database.js';

const TENANT = newId();
const OTHER_TENANT = newId();

/** What the subscriber does with an event whose payload says so. */
let mood: (event: IntegrationEvent) => void = () => undefined;

@DurableSubscriber({ name: 'counter', events: ['thing.happened'] })
@Injectable()
class Counter implements Subscriber {
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
class Echo implements Subscriber {
  readonly heard: IntegrationEvent[] = [];

  handle(event: IntegrationEvent): readonly Statement[] {
    this.heard.push(event);
    return [];
  }
}

let db: OpenDatabase;
let app: TestingModule;
let relay: OutboxRelay;

const event = (over: Partial<EventToPublish> = {}): EventToPublish => ({
  id: newId(),
  type: 'thing.happened',
  version: 1,
  aggregateType: 'thing',
  aggregateId: newId(),
  occurredAt: new Date('2026-01-12T10:00:00Z'),
  payload: { cents: 11845 },
  ...over,
});

async function published(tenantId: Uuid, ...events: EventToPublish[]): Promise<EventToPublish[]> {
  await db.database.transact(
    tenantId,
    events.map((e) => publish(tenantId, e)),
  );
  return events;
}

const many = (count: number, over: (index: number) => Partial<EventToPublish> = () => ({})) =>
  Array.from({ length: count }, (_, index) => event(over(index)));

const effects = () => db.query('SELECT tenant_id, event_id FROM effects ORDER BY event_id');
const count = async (text: string) => Number((await db.query(text))[0]?.count);
const unprocessed = () => count('SELECT count(*) FROM outbox WHERE processed_at IS NULL');
const endLeases = () => db.query(`UPDATE outbox SET lease_until = now() - interval '1 second'`);
const endPauses = () => db.query(`UPDATE outbox SET next_attempt_at = now()`);

const newApp = (background = false) =>
  Test.createTestingModule({
    imports: [ground(db, background), CqrsModule.forRoot(), OutboxModule],
    providers: [Counter, Echo],
  }).compile();

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
  await db.query('TRUNCATE effects, outbox, outbox_dlq, event_inbox');
});

afterAll(async () => {
  await app.close();
  await db.close();
});

describe('publishing', () => {
  it('delivers what committed, once, as it was published', async () => {
    const [sent] = await published(TENANT, event({ correlationId: 'c-1' }));
    expect(await relay.pass()).toBe(1);
    expect(app.get(Echo).heard).toEqual([
      expect.objectContaining({ ...sent, tenantId: TENANT, attempts: 0 }),
    ]);
    expect(await effects()).toEqual([{ tenant_id: TENANT, event_id: sent?.id }]);
    expect(await unprocessed()).toBe(0);
    expect(await relay.pass()).toBe(0);
    expect(await effects()).toHaveLength(1);
  });

  it('delivers nothing of a transaction that was rolled back', async () => {
    const doomed = [publish(TENANT, event()), sql`SELECT guard(false, 'no')`];
    await expect(db.database.transact(TENANT, doomed)).rejects.toThrow('guard failed');
    expect(await relay.pass()).toBe(0);
    expect(await effects()).toEqual([]);
  });

  it('refuses an event id that the tenant has used', async () => {
    const [sent] = await published(TENANT, event());
    await expect(published(TENANT, event({ id: sent?.id ?? '' }))).rejects.toMatchObject({
      code: '23505',
    });
    await published(OTHER_TENANT, event({ id: sent?.id ?? '' }));
  });

  it('settles what nobody follows without delivering it', async () => {
    await published(TENANT, event({ type: 'thing.ignored' }));
    expect(await relay.pass()).toBe(0);
    expect(await unprocessed()).toBe(0);
    expect(await count('SELECT count(*) FROM event_inbox')).toBe(0);
  });

  it('does not lose a transaction that commits after a later one was delivered', async () => {
    const late = await db.connect();
    await late.query('BEGIN');
    const early = event();
    const { text, values } = publish(TENANT, early);
    await late.query(text, [...values]);
    const [later] = await published(TENANT, event());
    await relay.pass();
    expect(await effects()).toEqual([{ tenant_id: TENANT, event_id: later?.id }]);
    await late.query('COMMIT');
    await late.end();
    await relay.pass();
    expect(await effects()).toHaveLength(2);
    expect(await unprocessed()).toBe(0);
  });
});

describe('crashes and outages', () => {
  it('delivers once although the relay died between delivery and marking', async () => {
    await published(TENANT, ...many(20));
    armFailpoints('outbox.after_delivery:throw');
    await expect(relay.pass()).rejects.toThrow('failpoint');
    expect(await unprocessed()).toBe(20);
    armFailpoints(undefined);
    expect(await relay.pass()).toBe(0);
    await endLeases();
    expect(await relay.pass()).toBe(20);
    expect(await effects()).toHaveLength(20);
    expect(await unprocessed()).toBe(0);
    expect(await count('SELECT count(*) FROM outbox_dlq')).toBe(0);
  });

  it('counts no attempt while the database is away', async () => {
    await published(TENANT, event());
    mood = () => {
      throw new DatabaseUnavailable(new Error('gone'));
    };
    for (let pass = 1; pass <= 7; pass++) {
      await expect(relay.pass()).rejects.toThrow('unavailable');
      await endLeases();
    }
    expect(await db.query('SELECT attempts FROM outbox')).toEqual([{ attempts: 0 }]);
    mood = () => undefined;
    await relay.pass();
    expect(await effects()).toHaveLength(1);
  });

  it('shares the work of parallel relays, each event once', async () => {
    const others = await Promise.all([newApp(), newApp()]);
    await Promise.all(others.map((other) => other.init()));
    const relays = [relay, ...others.map((other) => other.get(OutboxRelay))];
    await published(TENANT, ...many(700));
    await published(OTHER_TENANT, ...many(100));
    const counts = await Promise.all(
      relays.map(async (own) => {
        let events = 0;
        for (let taken = -1; taken !== 0; events += taken) taken = await own.pass();
        return events;
      }),
    );
    expect(counts.reduce((sum, taken) => sum + taken, 0)).toBe(800);
    expect(await count('SELECT count(DISTINCT event_id) FROM effects')).toBe(800);
    expect(await effects()).toHaveLength(800);
    expect(await unprocessed()).toBe(0);
    await Promise.all(others.map((other) => other.close()));
  });
});

describe('poison', () => {
  it.each(['javascript', 'sql'])('isolates events that %s rejects', async (kind) => {
    mood = ({ payload }) => {
      if (payload.poison === 'javascript') throw new Error('cannot digest');
    };
    const poisoned = (index: number) => index === 3 || index === 60;
    await published(
      TENANT,
      ...many(100, (index) => (poisoned(index) ? { payload: { poison: kind } } : {})),
    );
    for (let pass = 1; pass <= 4; pass++) {
      await relay.pass();
      expect(await unprocessed()).toBe(2);
      await endPauses();
    }
    expect(await effects()).toHaveLength(98);
    await relay.pass();
    expect(await unprocessed()).toBe(0);
    expect(await effects()).toHaveLength(98);
    const dead = await db.query('SELECT attempts, last_error FROM outbox_dlq');
    expect(dead).toEqual(
      Array(2).fill({ attempts: 5, last_error: expect.stringMatching(/^counter: /) }),
    );
    expect(await count(`SELECT count(*) FROM event_inbox WHERE subscriber = 'echo'`)).toBe(100);
  });

  it('waits longer after each rejection', async () => {
    mood = () => {
      throw new Error('no');
    };
    await published(TENANT, event());
    const pauses: number[] = [];
    for (let pass = 1; pass <= 4; pass++) {
      await relay.pass();
      const [row] = await db.query(
        'SELECT extract(epoch FROM next_attempt_at - last_attempt_at)::float8 AS pause FROM outbox',
      );
      pauses.push(Math.round(row?.pause as number));
      expect(await relay.pass()).toBe(0);
      await endPauses();
    }
    expect(pauses).toEqual([2, 5, 15, 60]);
  });

  it('sends dead letters again on demand, only to those who did not take them', async () => {
    mood = () => {
      throw new Error('no');
    };
    await published(TENANT, event());
    for (let pass = 1; pass <= 5; pass++) {
      await relay.pass();
      await endPauses();
    }
    const backlog = () => app.get(QueryBus).execute(new OutboxBacklog());
    expect(await backlog()).toEqual({ unprocessed: 0, oldestAgeSeconds: 0, deadLetters: 1 });
    mood = () => undefined;
    const redrive = (tenantId: Uuid) =>
      app.get(CommandBus).execute(new RedriveDeadLetters(tenantId));
    expect(await redrive(OTHER_TENANT)).toBe(0);
    expect(await redrive(TENANT)).toBe(1);
    expect(await backlog()).toMatchObject({ unprocessed: 1, deadLetters: 0 });
    await relay.pass();
    expect(await effects()).toHaveLength(1);
    expect(await count('SELECT count(*) FROM event_inbox')).toBe(2);
  });
});

describe('tenants', () => {
  it('handles an event as its own tenant', async () => {
    const id = newId();
    await published(TENANT, event({ id }));
    await published(OTHER_TENANT, event({ id }));
    await relay.pass();
    expect(await effects()).toHaveLength(2);
    for (const tenantId of [TENANT, OTHER_TENANT]) {
      const [own] = await db.database.read(tenantId, [sql`SELECT tenant_id FROM effects`]);
      expect(own?.rows).toEqual([{ tenant_id: tenantId }]);
    }
  });

  it('lets no tenant publish for or read of another', async () => {
    const [sent] = await published(TENANT, event());
    await expect(db.database.transact(TENANT, [publish(OTHER_TENANT, event())])).rejects.toThrow(
      'row-level security',
    );
    const [seen] = await db.database.read(OTHER_TENANT, [sql`SELECT event_id FROM outbox`]);
    expect(seen?.rows).toEqual([]);
    await expect(
      db.database.transact(TENANT, [sql`DELETE FROM outbox WHERE event_id = ${sent?.id}`]),
    ).rejects.toThrow('permission denied');
  });
});

it('works by itself in the background, at once when nudged', async () => {
  const worker = await newApp(true);
  await worker.init();
  await published(TENANT, ...many(450));
  worker.get(PeriodicTasks).nudge(OUTBOX_RELAY);
  await until(async () => (await effects()).length === 450);
  await worker.close();
  expect(await unprocessed()).toBe(0);
});

it('forgets what was delivered a week ago, but no dead letter', async () => {
  const [old, dead] = await published(
    TENANT,
    event(),
    event({ payload: { poison: 'sql' } }),
    event(),
  );
  for (let pass = 1; pass <= 5; pass++) {
    await relay.pass();
    await endPauses();
  }
  await db.query(
    `UPDATE outbox SET processed_at = now() - interval '8 days'
    WHERE event_id = ANY($1)`,
    [[old?.id, dead?.id]],
  );
  await app.get(OutboxRetention).pass();
  const left = (await db.query('SELECT event_id FROM outbox')).map((row) => row.event_id);
  expect(left).toHaveLength(2);
  expect(left).not.toContain(old?.id);
  expect(left).toContain(dead?.id);
  const noted = await db.query('SELECT FROM event_inbox WHERE event_id = $1', [old?.id]);
  expect(noted).toEqual([]);
});

it('refuses two subscribers of one name', async () => {
  @DurableSubscriber({ name: 'counter', events: ['thing.ended'] })
  @Injectable()
  class Impostor extends Counter {}

  const twice = await Test.createTestingModule({
    imports: [ground(db), CqrsModule.forRoot(), OutboxModule],
    providers: [Counter, Impostor],
  }).compile();
  await expect(twice.init()).rejects.toThrow('called counter');
});
