import type { TestingModule } from '@nestjs/testing';
import { Announcements } from '../../src/kernel/outbox/announcements.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { type Subscriber, Subscribers } from '../../src/kernel/outbox/index.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import {
  db,
  effects,
  endPauses,
  event,
  newApp,
  published,
  TENANT,
  unprocessed,
} from './outbox-world.js';

/** What needs a configuration: its work is a row, for whoever is able to do it. */
const letters: Subscriber = {
  handle: ({ tenantId, id }) => [
    sql`INSERT INTO effects (tenant_id, event_id) VALUES (${tenantId}, ${id})`,
  ],
};

/** A worker, told by the names of the subscribers that it has which of them it is configured for. */
async function worker(configured: Readonly<Record<string, boolean>>): Promise<TestingModule> {
  const app = await newApp();
  await app.init();
  const events = ['thing.ignored', 'thing.ended'];
  for (const [name, has] of Object.entries(configured)) {
    app.get(Subscribers).add({ name, events, configured: has }, letters);
  }
  return app;
}

const pass = (app: TestingModule) => app.get(OutboxRelay).pass();
const announce = (app: TestingModule) => app.get(Announcements).announce();
const heardBy = async () =>
  (await db.query('SELECT subscriber FROM event_inbox ORDER BY 1')).map((row) => row.subscriber);

let able: TestingModule;
let unable: TestingModule;

beforeAll(async () => {
  able = await worker({ letters: true });
  unable = await worker({ letters: false });
});
beforeEach(() => db.query('TRUNCATE event_subscriptions'));
afterAll(() => Promise.all([able.close(), unable.close()]));

describe('a worker that is not configured for a subscriber which another one is', () => {
  it('makes its events into work all the same', async () => {
    await announce(able);
    const [ignored, ended] = await published(
      TENANT,
      event({ type: 'thing.ignored' }),
      event({ type: 'thing.ended' }),
    );
    await pass(unable);
    expect(await unprocessed()).toBe(0);
    expect((await effects()).map((row) => row.event_id).sort()).toEqual(
      [ignored?.id, ended?.id].sort(),
    );
    expect(await heardBy()).toEqual(['echo', 'letters', 'letters']);
  });

  it('leaves nothing for the other to do twice', async () => {
    await announce(able);
    await published(TENANT, event({ type: 'thing.ended' }));
    await pass(unable);
    await db.query('UPDATE outbox SET processed_at = NULL, heard_at = NULL');
    await endPauses();
    await pass(able);
    expect(await unprocessed()).toBe(0);
    expect(await effects()).toHaveLength(1);
  });

  it('does so also where each lacks what the other has', async () => {
    const one = await worker({ letters: true, webhooks: false });
    const other = await worker({ letters: false, webhooks: true });
    try {
      await announce(one);
      await announce(other);
      for (const app of [one, other]) {
        await published(TENANT, event({ type: 'thing.ignored' }));
        await pass(app);
      }
      expect(await unprocessed()).toBe(0);
      expect(await heardBy()).toEqual(['letters', 'letters', 'webhooks', 'webhooks']);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('follows no more than what was announced', async () => {
    await announce(able);
    await db.query(`UPDATE event_subscriptions SET event_types = '{thing.ended}'`);
    await published(TENANT, event({ type: 'thing.ignored' }));
    await pass(unable);
    expect([await unprocessed(), await heardBy()]).toEqual([0, []]);
  });
});

describe('a subscriber that nobody is configured for', () => {
  it.each([
    ['since ever', () => Promise.resolve()],
    [
      'since yesterday',
      async () => {
        await announce(able);
        await db.query(`UPDATE event_subscriptions SET announced_at = now() - interval '25 hours'`);
      },
    ],
  ])('%s costs nothing: its events are done', async (_, before) => {
    await before();
    await published(TENANT, event({ type: 'thing.ignored' }), event({ type: 'thing.ended' }));
    await pass(unable);
    expect(await unprocessed()).toBe(0);
    expect([await effects(), await heardBy()]).toEqual([[], ['echo']]);
  });
});

describe('a worker that is configured for a subscriber', () => {
  it('follows it whoever has announced what, and says so again and again', async () => {
    await published(TENANT, event({ type: 'thing.ignored' }));
    await pass(able);
    expect(await heardBy()).toEqual(['letters']);
    await announce(able);
    await db.query(`UPDATE event_subscriptions SET announced_at = now() - interval '25 hours'`);
    await announce(able);
    expect(
      await db.query(`SELECT subscriber, event_types, announced_at > now() - interval '1 minute' AS fresh
        FROM event_subscriptions`),
    ).toEqual([
      { subscriber: 'letters', event_types: ['thing.ignored', 'thing.ended'], fresh: true },
    ]);
  });
});
