import fc from 'fast-check';
import Stripe from 'stripe';
import { processingFee } from '../../src/sandbox/stripe/charging.js';
import { StripeFailure } from '../../src/sandbox/stripe/http/errors.js';
import type { StripeEmulator, TruthDump } from '../../src/sandbox/stripe/index.js';
import { cardPayment, clientOf, Emulators, refusal } from './support/stripe-sandbox.js';

const HOUR = 3_600_000;
const DISPUTE_FEE = 1500;
const CARDS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_refundFail',
  'pm_card_pendingRefund',
  'pm_card_createDispute',
  'pm_card_createDisputeInquiry',
];
const emulators = new Emulators();
afterEach(() => emulators.stopAll());

interface Step {
  what: 'advance' | 'capture' | 'charge' | 'decide' | 'dispute' | 'fail' | 'refund';
  amount: number;
  card: string;
  /** Which of the objects there are by then. */
  nth: number;
  flag: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'advance',
    'capture',
    'charge',
    'charge',
    'decide',
    'decide',
    'dispute',
    'dispute',
    'fail',
    'refund',
    'refund',
  ),
  amount: fc.integer({ min: 50, max: 20_000 }),
  card: fc.constantFrom(...CARDS),
  nth: fc.nat(50),
  flag: fc.boolean(),
});

/** One step of a history; what Stripe refuses changes nothing, which is checked with the rest. */
async function take(emulator: StripeEmulator, stripe: Stripe, step: Step): Promise<void> {
  const { what, amount, card: payment_method, nth, flag } = step;
  const { intents, charges, refunds, disputes } = emulator.truth();
  const one = (from: readonly { id: string }[]) => from[nth % from.length]?.id ?? 'no';
  const { bank } = emulator;
  switch (what) {
    case 'charge': {
      const capture_method = flag ? 'manual' : 'automatic';
      await stripe.paymentIntents.create(cardPayment({ amount, payment_method, capture_method }));
      return;
    }
    case 'capture':
      await stripe.paymentIntents.capture(one(intents), flag ? { amount_to_capture: amount } : {});
      return;
    case 'refund':
      await stripe.refunds.create({ charge: one(charges), ...(flag ? { amount } : {}) });
      return;
    case 'fail':
      bank.settleRefund(one(refunds), flag ? 'failed' : 'canceled');
      return;
    case 'dispute':
      bank.openDispute(one(charges), { amount, withdraw: flag });
      return;
    case 'decide':
      bank.decideDispute(one(disputes), flag ? 'won' : 'lost', { returnFee: amount % 2 === 0 });
      return;
    case 'advance':
      bank.advance();
  }
}

/** The net of what happened to charges, refunds and disputes, without a look at the transactions. */
function expectedNet({ charges, refunds, disputes, balanceTransactions }: TruthDump): number {
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const fees = balanceTransactions.filter(({ type }) => type === 'adjustment');
  return (
    sum(
      charges
        .filter(({ captured }) => captured)
        .map(({ amountCaptured: each }) => each - processingFee(each)),
    ) -
    sum(
      refunds
        .filter(({ status }) => status !== 'failed' && status !== 'canceled')
        .map(({ amount }) => amount),
    ) -
    sum(disputes.filter(({ withdrawn }) => withdrawn).map(({ amount }) => amount)) -
    DISPUTE_FEE * sum(fees.map(({ fee }) => Math.sign(fee)))
  );
}

test('the balance is the net of its transactions, and both tell what happened', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      let now = Date.now();
      const emulator = await emulators.start({
        clock: () => new Date(now),
        disputeLagMs: HOUR,
        refundLagMs: HOUR,
      });
      const { stripe } = clientOf(emulator);
      for (const each of steps) await take(emulator, stripe, each).catch(refused);
      const listed = await stripe.balanceTransactions
        .list({ limit: 100, created: { gte: 1 } })
        .autoPagingToArray({ limit: 1000 });
      const truth = emulator.truth();
      expect(listed.map(({ id }) => id).reverse()).toEqual(
        truth.balanceTransactions.map(({ id }) => id),
      );
      const net = listed.reduce((total, transaction) => total + transaction.net, 0);
      expect(net).toBe(expectedNet(truth));
      const before = await stripe.balance.retrieve();
      expect((before.available[0]?.amount ?? 0) + (before.pending[0]?.amount ?? 0)).toBe(net);
      now += 3 * 24 * HOUR;
      const after = await stripe.balance.retrieve();
      expect(after).toMatchObject({ available: [{ amount: net }], pending: [{ amount: 0 }] });
      for (const charge of truth.charges) {
        expect(charge.amountRefunded).toBeLessThanOrEqual(charge.amount);
        expect(charge.amountRefunded).toBeGreaterThanOrEqual(0);
      }
      listed.forEach(({ reporting_category }) => kinds.add(reporting_category));
      await emulator.close();
    }),
    { numRuns: 40, seed: 20_260_101 },
  );
  // Histories that never come to a refund or a dispute would prove nothing.
  expect([...kinds].sort()).toEqual([
    'charge',
    'dispute',
    'dispute_reversal',
    'refund',
    'refund_failure',
  ]);
}, 60_000);

/** What the API and the bank refuse is part of a history; anything else is a failure. */
function refused(error: unknown): void {
  if (error instanceof StripeFailure) return;
  const refusals = [400, 402, 404];
  if (error instanceof Stripe.errors.StripeError && refusals.includes(error.statusCode ?? 0))
    return;
  throw error;
}

test('transactions are listed by type, source and window, in pages', async () => {
  const emulator = await emulators.start({ disputeLagMs: HOUR });
  const { stripe } = clientOf(emulator);
  const paid = await stripe.paymentIntents.create(cardPayment());
  const charge = paid.latest_charge as string;
  const refund = await stripe.refunds.create({ charge, amount: 100 });
  emulator.bank.openDispute(charge);
  const list = async (params: Stripe.BalanceTransactionListParams) =>
    (await stripe.balanceTransactions.list(params)).data.map(({ type }) => type);
  expect(await list({})).toEqual(['adjustment', 'refund', 'charge']);
  expect(await list({ type: 'refund' })).toEqual(['refund']);
  expect(await list({ source: charge })).toEqual(['charge']);
  expect(await list({ source: refund.id })).toEqual(['refund']);
  expect(await list({ created: { gte: refund.created + 60 } })).toEqual([]);
  expect(await list({ created: { gte: refund.created - 60 }, limit: 2 })).toEqual([
    'adjustment',
    'refund',
  ]);
  expect((await refusal(stripe.balanceTransactions.list({ payout: 'po_1' }))).param).toBe('payout');
});
