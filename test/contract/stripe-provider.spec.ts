import { KeyedMemoSeal } from '../../src/payments/infra/keyed-memo-seal.js';
import { StripeProvider } from '../../src/payments/infra/stripe/stripe-provider.js';
import type { Sale } from '../../src/payments/domain/sale.js';
import type { FaultName, StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { sale } from '../builders/sale.js';
import { keepsTheContract } from './payment-provider.js';
import type { Asked, Misbehaviour, ProviderBench } from './payment-provider-bench.js';
import { clientOf, Emulators, SECRET_KEY } from './support/stripe-sandbox.js';

const FAULTS: Readonly<Record<Misbehaviour, FaultName>> = {
  'answers wrongly': 'failAfter',
  'forgets the key': 'sticky500',
  'refuses service': 'failBefore',
  hangs: 'hang',
  'cuts the connection': 'reset',
  'limits the rate': 'rateLimit',
};

const REQUESTS: Readonly<Record<Asked, { method: 'GET' | 'POST'; path: string }>> = {
  charge: { method: 'POST', path: '^/v1/payment_intents$' },
  capture: { method: 'POST', path: '/capture$' },
  cancel: { method: 'POST', path: '/cancel$' },
  refund: { method: 'POST', path: '^/v1/refunds$' },
  'look-up': { method: 'GET', path: '^/v1/(refunds|disputes|payment_methods)' },
};

const emulators = new Emulators();

async function start(options: { searchLagMs?: number } = {}) {
  // What a bank does with a refund in days, it does here when it is told to.
  const emulator = await emulators.start({ refundLagMs: 3_600_000, ...options });
  const provider = new StripeProvider(
    { secretKey: SECRET_KEY, apiBase: emulator.baseUrl, timeoutMs: 400, maxConcurrent: 8 },
    new KeyedMemoSeal(['a secret']),
  );
  const bench: ProviderBench = {
    provider,
    methods: {
      ok: 'pm_card_visa',
      declined: 'pm_card_chargeDeclinedInsufficientFunds',
      action: 'pm_card_threeDSecure2Required',
      pendingRefund: 'pm_card_pendingRefund',
      failingRefund: 'pm_card_refundFail',
    },
    effects: ({ charge }) => {
      const effects = emulator.truth().effects.operation_id?.[charge.operationId];
      return { charges: effects?.charges ?? 0, captured: effects?.capturedAmount ?? 0 };
    },
    paidBack: (sold) =>
      refundsOf(emulator, sold)
        .filter(({ status }) => status !== 'failed' && status !== 'canceled')
        .map(({ amount }) => amount),
    misbehave: (how, asked = 'charge', always = false) => {
      const match = REQUESTS[asked];
      const times = always ? {} : { times: how === 'cuts the connection' ? 2 : 1 };
      emulator.setFaults({ rules: [{ fault: FAULTS[how], match, holdMs: 900, ...times }] });
    },
    behave: () => {
      emulator.setFaults({ rules: [] });
    },
    act: async (url, outcome) => {
      await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ outcome }),
      });
    },
    daysPass: () => {
      emulator.bank.advance();
    },
    refundElsewhere: async (sold, amount) => {
      const { stripe } = clientOf(emulator);
      const made = await stripe.refunds.create({ charge: chargeOf(emulator, sold).id, amount });
      return made.id;
    },
    dispute: (sold, amount) => {
      const opened = emulator.bank.openDispute(chargeOf(emulator, sold).id, { amount });
      return (opened as { id: string }).id;
    },
    close: () => emulators.stopAll(),
  };
  return { emulator, provider, bench };
}

function chargeOf(emulator: StripeEmulator, { charge }: Sale) {
  const found = emulator
    .truth()
    .charges.find(({ metadata }) => metadata.operation_id === charge.operationId);
  if (!found) throw new Error('nothing was charged');
  return found;
}

function refundsOf(emulator: StripeEmulator, sold: Sale) {
  const { id } = chargeOf(emulator, sold);
  return emulator.truth().refunds.filter(({ charge }) => charge === id);
}

keepsTheContract('Stripe', async () => (await start()).bench);

describe('what Stripe is told', () => {
  afterEach(() => emulators.stopAll());

  it('our ids as metadata, the order among them, and no name or address', async () => {
    const { emulator, provider } = await start();
    const sold = sale({ orderId: 'order_123', charge: { description: 'Two nights' } });
    await provider.charge(sold);
    expect(emulator.truth().intents).toMatchObject([
      {
        amount: 11_845,
        currency: 'usd',
        description: 'Two nights',
        metadata: {
          operation_id: sold.charge.operationId,
          payment_id: sold.paymentId,
          tenant_id: sold.tenantId,
          order_id: 'order_123',
        },
      },
    ]);
  });

  it('one key for each step of an operation, so that none is mistaken for another', async () => {
    const { emulator, provider } = await start();
    const held = sale({ charge: { capture: 'manual' } });
    const outcome = await provider.charge(held);
    if (outcome.kind !== 'authorized') throw new Error(outcome.kind);
    await provider.capture(held, {
      operationId: held.charge.operationId,
      reference: outcome.charge.reference,
      amountCents: 11_845,
    });
    expect(emulator.truth().idempotencyEntries).toBe(2);
  });
});

describe('a charge whose key is of no use', () => {
  afterEach(() => emulators.stopAll());

  it('is found behind a hundred others, though search has not heard of it', async () => {
    const { emulator, provider, bench } = await start({ searchLagMs: 60_000 });
    const { stripe } = clientOf(emulator);
    const paid = sale();
    bench.misbehave('forgets the key');
    expect((await provider.charge(paid)).kind).toBe('unknown');
    bench.behave();
    for (let i = 0; i < 110; i++) {
      await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    }
    expect(await provider.find(paid, null)).toMatchObject({ kind: 'succeeded' });
  });

  it('is unknown while neither list nor search has it: absence proves nothing', async () => {
    const { provider, bench } = await start({ searchLagMs: 60_000 });
    const old = sale({ startedAt: new Date(Date.now() - 30 * 3_600_000).toISOString() });
    expect((await provider.charge(old)).kind).toBe('succeeded');
    // Made six hours after its key's lifetime, it lies outside every window of the list.
    expect(await provider.find(old, null)).toEqual({
      kind: 'unknown',
      reason: 'not found at the provider',
    });
    expect(bench.effects(old)).toEqual({ charges: 1, captured: 11_845 });
  });

  it('is found by search once that has caught up', async () => {
    const { provider } = await start({ searchLagMs: 0 });
    const old = sale({ startedAt: new Date(Date.now() - 30 * 3_600_000).toISOString() });
    await provider.charge(old);
    expect(await provider.find(old, null)).toMatchObject({ kind: 'succeeded' });
  });
});
