import { newId } from '../../src/kernel/ids.js';
import { checkInvariants } from '../support/invariants/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import {
  type OneTypeEvent,
  orderOf,
  type OrderWish,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const PURCHASES = 50;

let world: TestWorld;
let apps: AppProcess[];
let shop: Shop;

beforeAll(async () => {
  world = await startTestWorld();
  const settings = { STRIPE_TIMEOUT_MS: '30000', PLATFORM_TIMEOUT_MS: '20000' };
  apps = await Promise.all([startProcess(world, settings), startProcess(world, settings)]);
  shop = new Shop(world);
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

async function bought({ id }: OneTypeEvent): Promise<number> {
  const text = `SELECT count(*)::int AS bought FROM tickets WHERE event_id = $1 AND status = 'sold'`;
  return Number((await query(world, text, [id]))[0]?.bought);
}

/** An event with limits of its own. */
async function limited(limits: object): Promise<OneTypeEvent> {
  const event = shop.event({ capacity: 10 * PURCHASES });
  const admin = await shop.as(urlOf(0), 'admin');
  const path = `/api/v1/events/${event.id}/settings`;
  const body = JSON.stringify({ settings: { purchaseLimits: limits } });
  expect((await admin.send('PUT', path, body, {})).status).toBe(200);
  return event;
}

/** Of fingerprints that differ. */
const CARDS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex', 'pm_card_discover'];
const ADDRESS = { line1: '116 5th Ave N', city: 'Nashville', postalCode: '37219', country: 'US' };
/** The same door as people write it. */
const SPELLINGS = [
  ADDRESS,
  { ...ADDRESS, line1: '116 FIFTH AVENUE NORTH' },
  { ...ADDRESS, line1: '116 5th avenue n.', postalCode: '37219-1234' },
];

interface Rush {
  readonly what: string;
  readonly limit: string;
  readonly allowed: number;
  readonly limits: object;
  readonly wish: (i: number) => OrderWish;
  readonly buyer: (userId: string, i: number) => string;
}

const RUSHES: readonly Rush[] = [
  {
    what: 'one user, another card each time',
    limit: 'user',
    allowed: 4,
    limits: { perUser: 4, perPaymentMethod: 100 },
    wish: (i) => ({ card: CARDS[i % CARDS.length] ?? '' }),
    buyer: (userId) => userId,
  },
  {
    what: 'one card, another user each time',
    limit: 'payment_method',
    allowed: 4,
    limits: { perUser: 4, perPaymentMethod: 4 },
    wish: () => ({}),
    buyer: () => newId(),
  },
  {
    what: 'one address in all its spellings, other users and cards',
    limit: 'address',
    allowed: 8,
    limits: { perUser: 4, perPaymentMethod: 100, perAddress: 8 },
    wish: (i) => ({
      card: CARDS[i % CARDS.length] ?? '',
      rest: { billingAddress: SPELLINGS[i % SPELLINGS.length] },
    }),
    buyer: () => newId(),
  },
];

describe(`row 36: ${PURCHASES} purchases at once through two processes`, () => {
  it.each(RUSHES)('$what: never more than the limit', async (rush) => {
    const event = await limited(rush.limits);
    const userId = newId();
    const answers = await Promise.all(
      Array.from({ length: PURCHASES }, async (_, i) => {
        const buyer = await shop.buyer(urlOf(i), rush.buyer(userId, i));
        return buyer.pay(PROCESS, orderOf(event, rush.wish(i)));
      }),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length).toBe(rush.allowed);
    expect(await bought(event)).toBe(rush.allowed);
    for (const { status, body } of refused) {
      expect([status, body.code, body.limit, body.remaining]).toEqual([
        403,
        'PURCHASE_LIMIT_EXCEEDED',
        rush.limit,
        0,
      ]);
    }
    expect(await checkInvariants(world)).toEqual([]);
  });
});
