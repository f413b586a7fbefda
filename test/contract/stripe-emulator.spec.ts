import type Stripe from 'stripe';
import { testCard, testCards } from '../../src/sandbox/stripe/cards.js';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { contractAvailable, StripeContract } from './support/stripe-contract.js';
import {
  cardPayment,
  clientOf,
  disputedPayment,
  Emulators,
  refusal,
  type Client,
} from './support/stripe-sandbox.js';

// Stripe's resources refer to each other in one great graph; compiling it takes seconds, once.
let judge: StripeContract | undefined;
const theContract = (): StripeContract => (judge ??= new StripeContract());
const COMPILING_MS = 180_000;

const suite = contractAvailable() ? describe : describe.skip;

suite("the Stripe emulator against Stripe's contract", () => {
  let contract: StripeContract;
  const emulators = new Emulators();
  let emulator: StripeEmulator;
  let client: Client;
  let stripe: Stripe;

  beforeAll(() => {
    contract = theContract();
    contract.object('BalanceTransaction', {});
  }, COMPILING_MS);

  beforeEach(async () => {
    emulator = await emulators.start();
    client = clientOf(emulator);
    stripe = client.stripe;
  });

  afterEach(async () => {
    const wrong = client.exchanges.flatMap((exchange) =>
      contract
        .exchange(exchange)
        .map((each) => `${exchange.method} ${exchange.path} ${String(exchange.status)}: ${each}`),
    );
    await emulators.stopAll();
    expect(client.exchanges.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  test('a payment from draft to capture', async () => {
    const draft = await stripe.paymentIntents.create({
      amount: 5000,
      currency: 'usd',
      capture_method: 'manual',
      description: 'Two tickets',
      statement_descriptor_suffix: 'TICKETS',
      receipt_email: 'buyer@example.test',
      transfer_group: 'order-1',
    });
    await stripe.paymentIntents.update(draft.id, { metadata: { seat: 'A1' }, amount: 6000 });
    await stripe.paymentIntents.confirm(draft.id, {
      payment_method: 'pm_card_mastercard',
      return_url: 'https://tickets.example/back',
      expand: ['latest_charge'],
    });
    const captured = await stripe.paymentIntents.capture(draft.id, {
      amount_to_capture: 4000,
      metadata: { gate: '3' },
    });
    expect(captured.status).toBe('succeeded');
  });

  test('a payment at once, with everything expanded', async () => {
    const paid = await stripe.paymentIntents.create(
      cardPayment({ expand: ['latest_charge.balance_transaction', 'payment_method'] }),
      { idempotencyKey: 'contract-1' },
    );
    await stripe.paymentIntents.retrieve(paid.id, {
      expand: ['latest_charge.balance_transaction.source', 'latest_charge.payment_intent'],
    });
    expect(paid.status).toBe('succeeded');
  });

  test.each([
    'pm_card_visa_chargeDeclined',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    'pm_card_chargeDeclinedExpiredCard',
    'pm_card_chargeDeclinedIncorrectCvc',
    'pm_card_chargeDeclinedProcessingError',
    'pm_card_chargeDeclinedFraudulent',
  ])('a payment declined: %s', async (payment_method) => {
    const error = await refusal(stripe.paymentIntents.create(cardPayment({ payment_method })));
    const id = error.payment_intent?.id ?? '';
    await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(error.statusCode).toBe(402);
  });

  test('authentication asked for, and the intent cancelled', async () => {
    const options = { payment_method: 'pm_card_threeDSecure2Required' };
    const bySdk = await stripe.paymentIntents.create(cardPayment(options));
    const byRedirect = await stripe.paymentIntents.create(
      cardPayment({
        ...options,
        automatic_payment_methods: { enabled: true },
        return_url: 'https://tickets.example/back',
      }),
    );
    expect([bySdk.next_action?.type, byRedirect.next_action?.type]).toEqual([
      'use_stripe_sdk',
      'redirect_to_url',
    ]);
    await stripe.paymentIntents.cancel(bySdk.id, { cancellation_reason: 'abandoned' });
    const error = await refusal(stripe.paymentIntents.cancel(bySdk.id));
    expect(error.code).toBe('payment_intent_unexpected_state');
  });

  test('lists, search, charges, transactions, events, balance, methods', async () => {
    const { id, latest_charge } = await stripe.paymentIntents.create(cardPayment());
    const charge = latest_charge as string;
    await stripe.paymentIntents.create(cardPayment());
    await stripe.paymentIntents.list({
      limit: 1,
      created: { gte: 1_700_000_000 },
      expand: ['data.latest_charge'],
    });
    await stripe.paymentIntents.search({ query: "metadata['payment_id']:'pay-1'", limit: 1 });
    const { data } = await stripe.charges.list({ payment_intent: id });
    expect(data.map((each) => each.id)).toEqual([charge]);
    const found = await stripe.charges.retrieve(charge, {
      expand: ['balance_transaction'],
    });
    const transaction = found.balance_transaction as Stripe.BalanceTransaction;
    await stripe.balanceTransactions.retrieve(transaction.id);
    await stripe.balanceTransactions.list({ source: charge, type: 'charge' });
    const events = await stripe.events.list({
      types: ['charge.succeeded', 'payment_intent.created'],
    });
    await stripe.events.retrieve(events.data[0]?.id ?? '');
    await stripe.balance.retrieve();
    await stripe.paymentMethods.retrieve('pm_card_visa');
    for (const event of events.data) {
      const kind = event.type.startsWith('charge.') ? 'Charge' : 'PaymentIntent';
      expect(contract.object(kind, event.data.object)).toEqual([]);
    }
    expect(events.data).toHaveLength(4);
  });

  test('refunds that succeed, fail, are cancelled and refused', async () => {
    emulator.setLags({ refundLagMs: 3_600_000 });
    const refund = async (payment_method: string, params: Stripe.RefundCreateParams = {}) => {
      const { id } = await stripe.paymentIntents.create(cardPayment({ payment_method }));
      return stripe.refunds.create({ payment_intent: id, metadata: { refund: '1' }, ...params });
    };
    const expand = ['charge.balance_transaction', 'payment_intent', 'payment_method'];
    const part = await refund('pm_card_visa', { amount: 100, reason: 'duplicate', expand });
    const { id: charge } = part.charge as Stripe.Charge;
    await stripe.refunds.update(part.id, { metadata: { seat: 'A1' } });
    await refusal(stripe.refunds.create({ charge, amount: 99_999_999 }));
    await stripe.refunds.create({ charge });
    await refusal(stripe.refunds.create({ charge }));
    const failing = await refund('pm_card_refundFail');
    const pending = await refund('pm_card_pendingRefund');
    emulator.bank.settleRefund(pending.id, 'requires_action');
    await stripe.refunds.retrieve(pending.id);
    await stripe.refunds.cancel(pending.id);
    await refusal(stripe.refunds.cancel(pending.id));
    emulator.bank.advance();
    await stripe.refunds.retrieve(failing.id, { expand: ['failure_balance_transaction.source'] });
    await stripe.refunds.list({
      charge,
      created: { gte: 1 },
      expand: ['data.balance_transaction'],
    });
    await stripe.charges.retrieve(charge);
    await stripe.balanceTransactions.list({ type: 'refund_failure', expand: ['data.source'] });
    const { data } = await stripe.events.list({
      types: ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'],
      limit: 100,
    });
    expect(data.length).toBeGreaterThan(10);
    for (const event of data) expect(contract.object('Refund', event.data.object)).toEqual([]);
  });

  test('disputes won, lost, escalated and closed', async () => {
    emulator.setLags({ disputeLagMs: 3_600_000 });
    const { dispute } = await disputedPayment(emulator, stripe);
    await stripe.disputes.update(dispute.id, {
      evidence: { customer_name: 'A. Buyer', service_date: '2026-01-01' },
      metadata: { case: '7' },
      submit: false,
    });
    const evidence = { uncategorized_text: 'winning_evidence' };
    await stripe.disputes.update(dispute.id, { evidence, expand: ['charge', 'payment_intent'] });
    await refusal(stripe.disputes.update(dispute.id, { evidence }));
    const inquiry = await disputedPayment(emulator, stripe, 'pm_card_createDisputeInquiry');
    await refusal(stripe.disputes.close(inquiry.dispute.id));
    await refusal(stripe.refunds.retrieve('re_missing'));
    await stripe.disputes.update(inquiry.dispute.id, {
      evidence: { uncategorized_text: 'escalate_inquiry_evidence' },
    });
    emulator.bank.advance();
    await stripe.disputes.close(inquiry.dispute.id);
    await refusal(stripe.refunds.create({ charge: inquiry.charge }));
    const { data } = await stripe.disputes.list({ limit: 2, expand: ['data.charge'] });
    expect(data.map(({ status }) => status)).toEqual(['lost', 'won']);
    await stripe.balanceTransactions.list({ type: 'adjustment', expand: ['data.source.charge'] });
    await stripe.balance.retrieve();
    const events = await stripe.events.list({ type: 'charge.dispute.*', limit: 100 });
    expect(events.data.length).toBeGreaterThan(8);
    for (const event of events.data) {
      expect(contract.object('Dispute', event.data.object)).toEqual([]);
    }
  });

  test('every test card makes a charge and a method of the documented shape', async () => {
    for (const payment_method of testCards.keys()) {
      const create = stripe.paymentIntents.create(cardPayment({ payment_method }));
      await create.catch((error: unknown) => error);
    }
    const { data } = await stripe.charges.list({ limit: 100 });
    expect(data.length).toBeGreaterThan(30);
  });
});

describe('a crowd', () => {
  it('pays with cards of its own, which behave as the one that they are named after', () => {
    const fingerprints = ['', '_no_1', '_no_2', '_no_02'].map(
      (suffix) => testCard(`pm_card_visa${suffix}`)?.fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(3);
    expect(testCard('pm_card_chargeDeclined_no_7')?.decline).toEqual(
      testCard('pm_card_chargeDeclined')?.decline,
    );
    expect(testCard('pm_card_of_nobody_no_7')).toBeUndefined();
  });
});

suite('the judge itself', () => {
  const emulators = new Emulators();
  afterEach(() => emulators.stopAll());

  test(
    'refuses a broken object and an unknown parameter',
    async () => {
      const contract = theContract();
      const client = clientOf(await emulators.start());
      const intent = await client.stripe.paymentIntents.create(cardPayment());
      const withoutAmount: Partial<Stripe.PaymentIntent> = { ...intent };
      delete withoutAmount.amount;
      expect(contract.object('PaymentIntent', intent)).toEqual([]);
      expect(contract.object('PaymentIntent', withoutAmount).join()).toContain('amount');
      expect(contract.object('PaymentIntent', { ...intent, amount: '100' })).not.toEqual([]);
      expect(contract.object('PaymentIntent', { ...intent, invented: 1 }).join()).toContain(
        'invented',
      );
      const sent = client.last();
      const broken = { ...sent, body: `${sent.body}&payment_method_types[0]=card` };
      expect(contract.exchange(sent)).toEqual([]);
      expect(contract.exchange(broken).join()).toContain('payment_method_types');
    },
    COMPILING_MS,
  );
});
