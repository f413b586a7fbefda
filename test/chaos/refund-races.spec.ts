import { SeededRandom } from '../../src/sandbox/stripe/faults/random.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(180_000);

const SEED = Number(process.env.SEED ?? 20_261_121);
const PAYMENTS = 100;
const REFUNDS = 20;
/** Payments that are raced for at the same time, each with all of its refunds at once. */
const AT_ONCE = 5;

let running: RunningApp;
let event: OneTypeEvent;
let buyer: Client;
let admin: Client;

beforeAll(async () => {
  running = await startApp();
  const shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  event = shop.event({ capacity: 10_000 });
  buyer = await shop.buyer(running.url);
  admin = await shop.as(running.url, 'admin');
});
afterAll(() => running.close());

interface Wish {
  readonly amount?: number;
  readonly ticketIds?: readonly string[];
}

/** A wish with what became of it. */
interface Told {
  readonly wish: Wish;
  readonly reply: Reply;
}

interface Race {
  readonly id: string;
  /** Tickets and taxes: what the usual policy lets back, in cents. */
  readonly refundable: number;
  readonly told: readonly Told[];
}

/** Small and large amounts, single tickets, everything: what twenty people may ask for at once. */
function wishes(random: SeededRandom, refundable: number, tickets: readonly string[]): Wish[] {
  return Array.from({ length: REFUNDS }, () => {
    const kind = random.below(10);
    if (kind === 0) return {};
    const ticket = tickets[random.below(tickets.length)];
    if (kind <= 2 && ticket !== undefined) return { ticketIds: [ticket] };
    return { amount: 1 + random.below(kind <= 5 ? refundable : Math.ceil(refundable / 8)) };
  });
}

/** Asks until the answer is definite, under one key; every fifth client asks twice at once. */
async function ask(id: string, wish: Wish, impatient: boolean): Promise<Told> {
  const path = `/api/v1/payments/transaction/${id}/refund`;
  const key = newKey();
  for (let attempt = 0; attempt < 50; attempt++) {
    const [reply] = await Promise.all([
      admin.pay(path, wish, key),
      ...(impatient ? [admin.pay(path, wish, key)] : []),
    ]);
    if (![202, 409, 503].includes(reply.status)) return { wish, reply };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no definite answer for ${JSON.stringify(wish)}`);
}

async function race(seed: number): Promise<Race> {
  const random = new SeededRandom(seed);
  const { status, body } = await buyer.pay(
    PROCESS,
    orderOf(event, { quantity: 1 + random.below(4) }),
  );
  expect(status).toBe(200);
  const id = String(body.transaction.id);
  const refundable = Number(body.fees.ticketPrice) + Number(body.fees.totalTax);
  const tickets = (body.transaction.tickets as { id: string }[]).map((ticket) => ticket.id);
  const asked = wishes(random, refundable, tickets);
  const told = await Promise.all(asked.map((wish, i) => ask(id, wish, i % 5 === 0)));
  return { id, refundable, told };
}

async function races(): Promise<Race[]> {
  const run: Race[] = [];
  const seeds = Array.from({ length: PAYMENTS }, (_, i) => SEED + i);
  const lane = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      run.push(await race(seed));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return run;
}

const sum = (cents: readonly number[]) => cents.reduce((total, each) => total + each, 0);

/** What each refund is by its id, in cents: as answered, at the provider, in our rows, in the book. */
function answered({ told }: Race): Map<string, number> {
  const refunds = told
    .filter(({ reply }) => reply.status === 200)
    .map(({ reply }) => reply.body.refund as { id: string; amount: number });
  return new Map(refunds.map(({ id, amount }) => [id, amount]));
}

async function booked(text: string): Promise<Map<string, Map<string, number>>> {
  const byPayment = new Map<string, Map<string, number>>();
  for (const { payment, refund, cents } of await query(running.world, text)) {
    const refunds = byPayment.get(String(payment)) ?? new Map<string, number>();
    byPayment.set(String(payment), refunds.set(String(refund), Number(cents)));
  }
  return byPayment;
}

function atProvider(): Map<string, Map<string, number>> {
  const byPayment = new Map<string, Map<string, number>>();
  for (const { amount, metadata } of running.world.stripe.truth().refunds) {
    const payment = metadata.payment_id ?? '';
    const refunds = byPayment.get(payment) ?? new Map<string, number>();
    const id = metadata.refund_id ?? '';
    byPayment.set(payment, refunds.set(id, (refunds.get(id) ?? 0) + amount));
  }
  return byPayment;
}

it(`row 35: ${PAYMENTS} payments, ${REFUNDS} refunds of each at once: none gives back too much`, async () => {
  const run = await races();
  const rows = await booked(
    `SELECT transaction_id AS payment, stripe_refund_id IS NOT NULL AS known, id AS refund,
      amount AS cents FROM payment_refunds WHERE status = 'completed'`,
  );
  // What left the clearing account for a payment, each refund a journal of its own.
  const book = await booked(
    `SELECT j.reference_id AS payment, j.id AS refund, -e.amount_cents AS cents
      FROM ledger_journals j JOIN ledger_entries e
        ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
      WHERE j.kind = 'refund_paid' AND e.account = 'provider:stripe:clearing'`,
  );
  const provider = atProvider();
  const none = new Map<string, number>();
  let given = 0;
  for (const each of run) {
    const told = answered(each);
    const back = sum([...told.values()]);
    given += told.size;
    expect(back).toBeLessThanOrEqual(each.refundable);
    expect(provider.get(each.id) ?? none).toEqual(told);
    expect(rows.get(each.id) ?? none).toEqual(told);
    const journals = [...(book.get(each.id) ?? none).values()].sort((a, b) => a - b);
    expect(journals).toEqual([...told.values()].sort((a, b) => a - b));
    for (const { wish, reply } of each.told) {
      if (reply.status === 200) continue;
      expect([400, 422]).toContain(reply.status);
      // Nobody was refused what is there still.
      const wanted = wish.amount ?? Infinity;
      expect(wanted).toBeGreaterThan(each.refundable - back);
    }
  }
  // The race was one: many came through, and many more came too late.
  expect(given).toBeGreaterThan(2 * PAYMENTS);
  expect(given).toBeLessThan((PAYMENTS * REFUNDS) / 2);
  expect(sum([...provider.values()].map(({ size }) => size))).toBe(given);
  expect(await checkInvariants(running.world)).toEqual([]);
});
