import { CommandBus } from '@nestjs/cqrs';
import { ReviewPayment } from '../../src/payments/commands/review-payment.js';
import { Janitor } from '../../src/payments/infra/janitor.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import { checkInvariants } from '../support/invariants/index.js';
import { letTimePass, orderOf, PROCESS, query, Shop } from '../support/shop.js';

let running: RunningApp;
let shop: Shop;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  shop = new Shop(running.world);
  running.world.stripe.clearWebhook();
  running.world.stripe.setLags({ refundLagMs: 3_600_000 });
});
afterAll(() => running.close());
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

const review = (id: string) =>
  running.app.get(CommandBus).execute(new ReviewPayment(running.world.cast.tenantId, id));
const statusOf = async (id: string) =>
  (await query(running.world, 'SELECT status FROM payment_transactions WHERE id = $1', [id]))[0]
    ?.status;
const chargesOf = (intent: string) =>
  running.world.stripe.truth().intents.find(({ id }) => id === intent)?.charges ?? [];
const refundsOf = (intent: string) =>
  running.world.stripe.truth().refunds.filter(({ charge }) => chargesOf(intent).includes(charge));

async function buy(card: string) {
  const reply = await (await shop.buyer(running.url)).pay(PROCESS, orderOf(shop.event(), { card }));
  expect(reply.status).toBe(200);
  const { id, stripePaymentIntentId } = reply.body.transaction;
  return { id: String(id), intent: String(stripePaymentIntentId) };
}

/** As somebody does in the provider's dashboard. */
async function byHand(intent: string, amount: number): Promise<string> {
  const { baseUrl, secretKey } = running.world.description.stripe;
  const answer = await fetch(`${baseUrl}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ payment_intent: intent, amount: String(amount) }),
  });
  return ((await answer.json()) as { id: string }).id;
}

describe('a refund made at the provider that is still on its way', () => {
  it('is looked at, never made a second time; then it is booked', async () => {
    const { id, intent } = await buy(CARDS.pendingRefund);
    const reference = await byHand(intent, 500);
    await review(id);
    expect(await statusOf(id)).toBe('REFUNDING');
    await letTimePass(running.world);
    await running.app.get(Janitor).pass();
    expect(refundsOf(intent)).toHaveLength(1);
    running.world.stripe.bank.settleRefund(reference, 'succeeded');
    await letTimePass(running.world);
    await running.app.get(Janitor).pass();
    expect(await statusOf(id)).toBe('PARTIALLY_REFUNDED');
    expect(refundsOf(intent)).toHaveLength(1);
  });
});

describe('a full refund where the venue bore the fees and gets them back', () => {
  it('leaves the venue without debt and without money', async () => {
    const event = shop.event();
    const admin = await shop.as(running.url, 'admin');
    const settings = {
      platformFeePayer: 'venue',
      refundPolicy: { refundPlatformFee: true, refundGas: true },
    };
    await admin.send(
      'PUT',
      `/api/v1/events/${event.id}/settings`,
      JSON.stringify({ settings }),
      {},
    );
    const bought = await (await shop.buyer(running.url)).pay(PROCESS, orderOf(event));
    const id = String(bought.body.transaction.id);
    const path = `/api/v1/payments/transaction/${id}/refund`;
    expect((await admin.pay(path, {})).body.status).toBe('refunded');
    const left = await query(
      running.world,
      `SELECT account, sum(amount_cents)::int AS cents FROM ledger_entries
       WHERE account LIKE 'venue:' || $1 || ':%' GROUP BY account HAVING sum(amount_cents) <> 0`,
      [event.venueId],
    );
    expect(left).toEqual([]);
  });
});
