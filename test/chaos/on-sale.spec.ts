import { newId } from '../../src/kernel/ids.js';
import { Client, type Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(900_000);

/** `.ci/run` has ten thousand, with nothing beside them. */
const BUYERS = Number(process.env.ON_SALE_BUYERS ?? 1_000);
const SEATS = Math.min(500, Math.floor(BUYERS / 4));
/** Who may buy at once: more than there are seats, so that it is the seats that decide. */
const SLOTS = 2 * SEATS;
/** Requests under way at once. */
const LANES = Math.min(200, BUYERS / 20);
/** For the draw and the first admissions, on however slow a machine. */
const PATIENCE_MS = 180_000;

let world: TestWorld;
let apps: AppProcess[];
let shop: Shop;
let event: OneTypeEvent;
let admin: Client;
let buyers: Client[];
/** The access of everybody who was let in, by their place among the buyers. */
const tokens = new Map<number, string>();
const paid = new Set<number>();

beforeAll(async () => {
  world = await startTestWorld();
  // Patience: it is the order and the count that are tested, on however slow a machine.
  const settings = {
    STRIPE_MAX_CONCURRENT: String(LANES),
    STRIPE_TIMEOUT_MS: '60000',
    PLATFORM_TIMEOUT_MS: '30000',
  };
  apps = await Promise.all([startProcess(world, settings), startProcess(world, settings)]);
  shop = new Shop(world);
  event = shop.event({ capacity: SEATS, highDemand: true });
  admin = await shop.as(urlOf(0), 'admin');
  buyers = await inLanes(Array.from({ length: BUYERS }, newId), (userId, i) =>
    shop.buyer(urlOf(i), userId),
  );
});
afterAll(async () => {
  for (const app of apps) await app.kill();
  await world.close();
});

const urlOf = (i: number): string => {
  const app = apps[i % apps.length];
  if (!app) throw new Error('no process runs');
  return app.url;
};

const ROOM = (path: string) => `/api/v1/waiting-room/${event.id}${path}`;

/** Does something with everything, so much of it at once. */
async function inLanes<T, R>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i] as T, i);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** How often each status was answered, those that nobody should see with their code. */
function statuses(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of replies) {
    const name = status < 500 ? String(status) : `${status} ${String(body.code)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const buy = (buyer: Client, i: number, token?: string): Promise<Reply> =>
  buyer.post(PROCESS, orderOf(event, { card: `pm_card_visa_no_${i}` }), {
    'idempotency-key': newId(),
    ...(token !== undefined && { 'x-access-token': token }),
  });

async function bought(): Promise<number> {
  const text = `SELECT count(*)::int AS bought FROM tickets WHERE event_id = $1 AND status = 'sold'`;
  return Number((await query(world, text, [event.id]))[0]?.bought);
}

/** Places that were let in although somebody before them still waits. */
async function overtaken(): Promise<unknown[]> {
  return query(
    world,
    `SELECT a.queue_id FROM waiting_room_places a
      WHERE a.event_id = $1 AND a.admitted_at IS NOT NULL AND a.ordinal >
        (SELECT min(ordinal) FROM waiting_room_places WHERE event_id = $1 AND status = 'waiting')`,
    [event.id],
  );
}

describe(`row 29: ${BUYERS} buyers at once for ${SEATS} seats`, () => {
  it('all take a place before the opening', async () => {
    const opensAt = new Date(Date.now() + 3_600_000).toISOString();
    const terms = { opensAt, capacity: SLOTS, ratePerMinute: 30_000 };
    const path = `/admin/waiting-room/${event.id}`;
    expect((await admin.send('PUT', path, JSON.stringify(terms), {})).status).toBe(200);
    const joined = await inLanes(buyers, (buyer) => buyer.post(ROOM('/join'), {}));
    expect(statuses(joined)).toEqual({ 200: BUYERS });
    expect((await admin.post(`${path}/open`, {})).status).toBe(200);
  });

  it('those who are let in buy, in the order of the draw, and every seat is sold once', async () => {
    await eventually(
      async () => {
        const { body } = await admin.get(`/admin/waiting-room/${event.id}`);
        return JSON.stringify(body).includes(`"holding":${SLOTS}`);
      },
      'the draw, and for all to be let in who may be',
      PATIENCE_MS,
    );
    const answers: Reply[] = [];
    while ((await bought()) < SEATS) {
      const told = await inLanes(buyers, (buyer) => buyer.get(ROOM('/status')));
      expect(statuses(told)).toEqual({ 200: BUYERS });
      const admitted = [...buyers.entries()].flatMap(([i, buyer]) => {
        const token = told[i]?.body.accessToken;
        return typeof token === 'string' ? [{ i, buyer, token }] : [];
      });
      for (const { i, token } of admitted) tokens.set(i, token);
      const tried = await inLanes(admitted, ({ i, buyer, token }) => buy(buyer, i, token));
      for (const [n, { i }] of admitted.entries()) if (tried[n]?.status === 200) paid.add(i);
      answers.push(...tried);
      expect(await overtaken()).toEqual([]);
    }
    expect(tokens.size).toBeGreaterThan(SEATS);
    expect(await bought()).toBe(SEATS);
    const { 200: sold, ...others } = statuses(answers);
    expect([sold, paid.size]).toEqual([SEATS, SEATS]);
    for (const status of Object.keys(others)) expect(['403', '409']).toContain(status);
  });

  it('and all who try once more, with a token or without, are told so', async () => {
    const [spent, unspent] = [[...paid], [...tokens.keys()].filter((i) => !paid.has(i))];
    /** Their own token, somebody else's, or none, in turn. */
    const tokenOf = (i: number) => {
      const others = i % 2 === 0 ? spent : unspent;
      return [tokens.get(i), tokens.get(others[i % others.length] ?? 0), undefined][i % 3];
    };
    const told = await inLanes(buyers, (buyer, i) => buy(buyer, i, tokenOf(i)));
    const codes = new Map<string, Set<unknown>>();
    for (const [i, { status, body }] of told.entries()) {
      const token = tokenOf(i);
      const own = token === tokens.get(i);
      const kind = token === undefined ? 'none' : own && !paid.has(i) ? 'good' : 'bad';
      codes.set(kind, (codes.get(kind) ?? new Set()).add(`${status} ${String(body.code)}`));
    }
    expect(codes.get('none')).toEqual(new Set(['403 QUEUE_TOKEN_REQUIRED']));
    expect(codes.get('bad')).toEqual(new Set(['403 INVALID_ACCESS_TOKEN']));
    // Whose lease is over by now has lost it.
    for (const code of codes.get('good') ?? []) {
      expect(['409 SOLD_OUT', '403 INVALID_ACCESS_TOKEN']).toContain(code);
    }
    expect(await bought()).toBe(SEATS);
    expect(await checkInvariants(world)).toEqual([]);
  });
});
