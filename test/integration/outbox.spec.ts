import { Injectable } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { AppError } from '../../src/kernel/errors.js';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { newId } from '../../src/kernel/ids.js';
import { PeriodicTasks } from '../../src/kernel/jobs/periodic.js';
import {
  DurableSubscriber,
  OUTBOX_RELAY,
  OutboxModule,
  publish,
} from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { DatabaseUnavailable } from '../../src/kernel/postgres/errors.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { ground, until } from './outbox-database.js';
import {
  app,
  count,
  Counter,
  db,
  Echo,
  effects,
  endLeases,
  endPauses,
  event,
  many,
  newApp,
  OTHER_TENANT,
  published,
  relay,
  setMood,
  TENANT,
  unprocessed,
} from './outbox-world.js';

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
    setMood(() => {
      throw new DatabaseUnavailable(new Error('gone'));
    });
    for (let pass = 1; pass <= 7; pass++) {
      await expect(relay.pass()).rejects.toThrow('unavailable');
      await endLeases();
    }
    expect(await db.query('SELECT attempts FROM outbox')).toEqual([{ attempts: 0 }]);
    setMood(() => undefined);
    await relay.pass();
    expect(await effects()).toHaveLength(1);
  });

  it('counts no attempt while something that a subscriber needs is away', async () => {
    await published(TENANT, event(), event());
    setMood(() => {
      throw new AppError('SERVICE_UNAVAILABLE', 'away');
    });
    for (let pass = 1; pass <= 7; pass++) {
      expect(await relay.pass()).toBe(2);
      expect(await relay.pass()).toBe(0);
      await endPauses();
    }
    expect(await db.query('SELECT attempts FROM outbox')).toEqual(Array(2).fill({ attempts: 0 }));
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
  try {
    await published(TENANT, ...many(450));
    worker.get(PeriodicTasks).nudge(OUTBOX_RELAY);
    await until(async () => (await effects()).length === 450);
  } finally {
    await worker.close();
  }
  expect(await unprocessed()).toBe(0);
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
