import { newId, type Uuid } from '../../src/kernel/ids.js';
import { PublishedTypes, publish, Subscribers } from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';

let world: AdminWorld;
let tenantId: Uuid;
/** What the subscriber says to events. */
let reject: string | undefined;
const had: Uuid[] = [];

beforeAll(async () => {
  world = await startAdminWorld();
  world.app.get(PublishedTypes).declare(['thing.happened', 'thing.ended']);
  world.app.get(Subscribers).add(
    { name: 'sceptic', events: ['thing.happened', 'thing.ended'] },
    {
      handle: ({ id }) => {
        if (reject) throw new Error(reject);
        had.push(id);
        return [];
      },
    },
  );
});
afterAll(() => world.close());
beforeEach(() => {
  tenantId = newId();
  had.length = 0;
});

interface Listed {
  readonly deadLetters: readonly (Readonly<Record<string, unknown>> & { readonly eventId: Uuid })[];
  readonly nextCursor?: string;
}

const relay = () => world.app.get(OutboxRelay);

async function pass(): Promise<void> {
  await world.query('UPDATE outbox SET next_attempt_at = now()');
  await relay().pass();
}

/** Publishes events and lets them be rejected until they are given up; answers their ids. */
async function bury(type: string, howMany: number, payload = {}): Promise<Uuid[]> {
  const events = Array.from({ length: howMany }, () => ({
    id: newId(),
    type,
    version: 1,
    aggregateType: 'thing',
    aggregateId: newId(),
    occurredAt: new Date(),
    payload,
  }));
  await world.database.transact(
    tenantId,
    events.map((event) => publish(tenantId, event)),
  );
  reject = 'cannot digest that of jane@example.com';
  for (let attempt = 1; attempt <= 5; attempt++) await pass();
  reject = undefined;
  return events.map(({ id }) => id);
}

async function list(query = '', as = tenantId): Promise<Listed> {
  const answer = await world.call('GET', `/admin/dead-letters${query}`, { tenantId: as });
  expect(answer.status).toBe(200);
  return answer.body as unknown as Listed;
}

const redrive = (path: string, payload?: object, as = tenantId) =>
  world.call('POST', `/admin/dead-letters/${path}`, {
    tenantId: as,
    ...(payload && { payload }),
  });

const openItems = async () => {
  const answer = await world.call('GET', '/admin/open-items?kind=dead_letter', { tenantId });
  return (answer.body as unknown as { items: { subjectId: string; cause: string }[] }).items;
};

describe('GET /admin/dead-letters', () => {
  it('tells what was rejected, by whom and why, without what looks personal', async () => {
    const payload = { amount: 5, note: 'for jane@example.com, card 4242424242424242' };
    const [eventId] = await bury('thing.happened', 1, payload);
    expect(await list()).toEqual({
      deadLetters: [
        {
          eventId,
          type: 'thing.happened',
          aggregateType: 'thing',
          aggregateId: expect.any(String) as string,
          attempts: 5,
          error: 'sceptic: Error: cannot digest that of [email]',
          publishedAt: expect.stringMatching(/Z$/) as string,
          since: expect.stringMatching(/Z$/) as string,
          payload: { amount: 5, note: 'for [email], card [card]' },
        },
      ],
    });
    expect(await list('', newId())).toEqual({ deadLetters: [] });
  });

  it('narrows by type and by object, and goes page by page', async () => {
    const happened = await bury('thing.happened', 3);
    const [ended] = await bury('thing.ended', 1);
    const first = await list('?type=thing.happened&limit=2');
    const second = await list(`?type=thing.happened&limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.deadLetters, ...second.deadLetters].map(({ eventId }) => eventId);
    expect(ids).toEqual([...happened].sort().reverse());
    expect(second).not.toHaveProperty('nextCursor');
    const [letter] = (await list('?type=thing.ended')).deadLetters;
    expect(letter?.eventId).toBe(ended);
    const about = await list(`?aggregateId=${String(letter?.aggregateId)}`);
    expect(about.deadLetters).toEqual([letter]);
  });

  it('is an item for a human, as long as it is dead', async () => {
    const [eventId] = await bury('thing.happened', 1);
    expect(await openItems()).toEqual([
      expect.objectContaining({
        subjectId: eventId,
        cause: 'thing.happened was rejected 5 times: sceptic: Error: cannot digest that of [email]',
      }),
    ]);
    expect((await redrive(`${eventId}/redrive`)).status).toBe(200);
    expect(await openItems()).toEqual([]);
    reject = 'still not';
    for (let attempt = 1; attempt <= 5; attempt++) await pass();
    reject = undefined;
    expect(await openItems()).toHaveLength(1);
  });
});

describe('POST /admin/dead-letters/:eventId/redrive', () => {
  it('sends it again, once, and the audit log knows who did it', async () => {
    const [eventId, other] = await bury('thing.happened', 2);
    const userId = newId();
    const answer = await world.call('POST', `/admin/dead-letters/${eventId}/redrive`, {
      ...{ tenantId, userId },
    });
    expect(answer).toMatchObject({ status: 200, body: { redriven: 1, remaining: 0 } });
    await pass();
    expect(had).toEqual([eventId]);
    expect((await list()).deadLetters.map((letter) => letter.eventId)).toEqual([other]);
    const again = await redrive(`${eventId}/redrive`);
    expect(again).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const log = await world.call('GET', `/admin/audit?objectId=${eventId}`, { tenantId });
    expect(log.body.entries).toEqual([
      expect.objectContaining({
        action: 'dead_letter.redriven',
        actor: { type: 'user', id: userId },
        before: expect.objectContaining({ status: 'dead', attempts: 5 }) as object,
        after: expect.objectContaining({ status: 'due', type: 'thing.happened' }) as object,
      }),
    ]);
  });

  it('is done once when asked for many times at once', async () => {
    const [eventId] = await bury('thing.happened', 1);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => redrive(`${eventId}/redrive`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(404)]);
    await pass();
    expect(had).toEqual([eventId]);
  });

  it('knows nothing of what is another tenant’s, or no dead letter', async () => {
    const [eventId] = await bury('thing.happened', 1);
    expect((await redrive(`${eventId}/redrive`, undefined, newId())).status).toBe(404);
    expect((await redrive(`${newId()}/redrive`)).status).toBe(404);
    expect((await redrive('none/redrive')).status).toBe(422);
    expect((await list()).deadLetters).toHaveLength(1);
  });
});

describe('POST /admin/dead-letters/redrive', () => {
  it('sends all of one type again, and those alone', async () => {
    const happened = await bury('thing.happened', 3);
    const ended = await bury('thing.ended', 2);
    const answer = await redrive('redrive', { type: 'thing.happened' });
    expect(answer).toMatchObject({ status: 200, body: { redriven: 3, remaining: 0 } });
    await pass();
    expect([...had].sort()).toEqual([...happened].sort());
    expect((await list()).deadLetters.map(({ eventId }) => eventId).sort()).toEqual(
      [...ended].sort(),
    );
  });

  it('sends all that the tenant has again, a thousand at once', async () => {
    const [eventId] = await bury('thing.happened', 1);
    const copies = `
      WITH copied AS (
        INSERT INTO outbox (tenant_id, event_id, aggregate_id, aggregate_type, event_type,
          event_version, payload, occurred_at, processed_at, heard_at)
        SELECT tenant_id, gen_random_uuid(), aggregate_id, aggregate_type, event_type, event_version,
          payload, occurred_at, now(), now() FROM outbox, generate_series(1, 1049) WHERE event_id = $1
        RETURNING *
      )
      INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
        event_type, payload, attempts, last_error, created_at)
      SELECT tenant_id, id, event_id, aggregate_id, aggregate_type, event_type, payload, 5, 'no',
        created_at FROM copied`;
    await world.query(copies, [eventId]);
    const first = await redrive('redrive', {});
    expect(first).toMatchObject({ status: 200, body: { redriven: 1_000, remaining: 50 } });
    const second = await redrive('redrive', {});
    expect(second).toMatchObject({ status: 200, body: { redriven: 50, remaining: 0 } });
    expect(await list()).toEqual({ deadLetters: [] });
    const third = await redrive('redrive', {});
    expect(third).toMatchObject({ status: 200, body: { redriven: 0, remaining: 0 } });
  });

  it('is for administrators', async () => {
    for (const role of ['user', 'venue_owner'] as const) {
      const asked = { role, tenantId };
      expect((await world.call('GET', '/admin/dead-letters', asked)).status).toBe(403);
      const told = await world.call('POST', '/admin/dead-letters/redrive', {
        ...asked,
        payload: {},
      });
      expect(told.status).toBe(403);
    }
  });
});
