import { newId } from '../../src/kernel/ids.js';
import { CARDS } from '../../src/sandbox/cards.js';
import type { FaultPlan } from '../../src/sandbox/stripe/index.js';
import type { Client } from '../support/client.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS } from '../support/shop.js';
import { buy, type PaymentsWorld, startPaymentsWorld } from './payments-world.js';

/** The charge is made, the answer is an error. */
const LOST_ANSWER: FaultPlan = {
  rules: [
    { fault: 'failAfter', times: 1, match: { method: 'POST', path: '^/v1/payment_intents$' } },
  ],
};

let world: PaymentsWorld;
let event: OneTypeEvent;
let buyer: Client;

beforeAll(async () => {
  world = await startPaymentsWorld();
  buyer = await world.as(['user']);
  event = world.shop.event();
});
afterAll(() => world.close());
afterEach(() => {
  world.world.stripe.setFaults({});
});

const transaction = (id: string, client = buyer) =>
  client.get(`/api/v1/payments/transaction/${id}`);
const order = (id: string, client = buyer) => client.get(`/api/payments/${id}`);
const history = async (id: string) =>
  (await buyer.get(`/api/v1/payments/transaction/${id}/events`)).body.events as {
    type: string;
    sequence: number;
    status: string;
  }[];
const charges = () => world.world.stripe.truth().charges.length;

async function unknown(): Promise<string> {
  world.world.stripe.setFaults(LOST_ANSWER);
  const { status, body } = await buyer.pay(PROCESS, orderOf(event));
  expect([status, body.transaction.status]).toEqual([202, 'processing']);
  return String(body.transaction.id);
}

describe('reading a payment whose outcome is unknown', () => {
  it('finds out: /api/v1', async () => {
    const before = charges();
    const id = await unknown();
    const { status, body } = await transaction(id);
    expect([status, body.transaction.status]).toEqual([200, 'completed']);
    expect(charges()).toBe(before + 1);
    expect((await history(id)).map(({ type }) => type)).toEqual([
      'payment.initiated',
      'payment.processing',
      'payment.outcome_unknown',
      'payment.succeeded',
    ]);
  });

  it('finds out: /api/payments', async () => {
    const id = await unknown();
    expect((await order(id)).body.status).toBe('SUCCESS');
  });

  it('finds out once, however many read at once', async () => {
    const before = charges();
    const id = await unknown();
    const replies = await Promise.all(Array.from({ length: 8 }, () => transaction(id)));
    for (const { status, body } of replies) {
      expect([status, body.transaction.status]).toEqual([200, 'completed']);
    }
    expect(charges()).toBe(before + 1);
    expect((await history(id)).filter(({ type }) => type === 'payment.succeeded')).toHaveLength(1);
  });
});

describe('reading a payment', () => {
  let id: string;
  beforeAll(async () => {
    id = await buy(buyer, event);
  });

  it('shows its history in order, each step with the state it led to', async () => {
    expect(await history(id)).toMatchObject([
      { sequence: 1, type: 'payment.initiated', status: 'pending' },
      { sequence: 2, type: 'payment.processing', status: 'processing' },
      { sequence: 3, type: 'payment.succeeded', status: 'completed' },
    ]);
  });

  it('proves it: every posting, and that they balance', async () => {
    const { body } = await buyer.get(`/api/v1/payments/transaction/${id}/proof`);
    expect(body).toMatchObject({
      sums: { USD: 0 },
      balanced: true,
      clearingEqualsCaptured: true,
      journals: [{ kind: 'purchase', currency: 'USD' }],
    });
    const [journal] = body.journals as { postings: { account: string; amount: number }[] }[];
    const clearing = journal?.postings.find(({ account }) => account.endsWith(':clearing'));
    expect(clearing?.amount).toBe(body.transaction.amountCharged);
  });

  it('proves of a declined one that nothing was moved', async () => {
    const declined = await buy(buyer, event, { card: CARDS.declined });
    const { body } = await buyer.get(`/api/v1/payments/transaction/${declined}/proof`);
    expect(body).toMatchObject({
      journals: [],
      sums: { USD: 0 },
      balanced: true,
      clearingEqualsCaptured: true,
    });
  });

  const PATHS = ['', '/events', '/proof'].map(
    (end) => (of: string) => `/api/v1/payments/transaction/${of}${end}`,
  );
  PATHS.push((of) => `/api/payments/${of}`);

  it('is for its buyer, its venue’s people and administrators', async () => {
    const { venueId } = event;
    const allowed = await Promise.all([
      world.as(['venue_owner'], { venues: [venueId] }),
      world.as(['venue_manager'], { venues: [venueId] }),
      world.as(['admin']),
    ]);
    const strangers = await Promise.all([
      world.as(['user']),
      world.as(['venue_owner'], { venues: [newId()] }),
      world.as(['user'], { venues: [venueId] }),
      world.as(['admin'], { tenantId: world.world.cast.otherTenantId }),
    ]);
    for (const path of PATHS) {
      for (const client of [buyer, ...allowed]) {
        expect((await client.get(path(id))).status).toBe(200);
      }
      for (const client of strangers) expect((await client.get(path(id))).status).toBe(404);
    }
  });

  it('that never was is not found', async () => {
    for (const path of PATHS) expect((await buyer.get(path(newId()))).status).toBe(404);
  });
});

describe('while the provider does not tell either', () => {
  it('reading leaves the payment processing, until it does', async () => {
    const id = await unknown();
    world.world.stripe.setFaults({ rules: [{ fault: 'failBefore' }] });
    const { status, body } = await transaction(id);
    expect([status, body.transaction.status]).toEqual([200, 'processing']);
    world.world.stripe.setFaults({});
    // So many failures may have opened the breaker, which tries again by itself.
    const settled = await eventually(async () => {
      const reply = await transaction(id);
      return reply.body.transaction.status !== 'processing' && reply;
    }, 'the outcome');
    expect(settled.body.transaction.status).toBe('completed');
  });
});
