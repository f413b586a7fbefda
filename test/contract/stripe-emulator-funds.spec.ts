import type Stripe from 'stripe';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { cardPayment, clientOf, Emulators, refusal } from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;

beforeEach(async () => {
  emulator = await emulators.start();
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

async function control(body: unknown): Promise<number> {
  const url = `${emulator.baseUrl}/__emulator/funds`;
  return (await fetch(url, { method: 'PUT', body: JSON.stringify(body) })).status;
}

async function pay(): Promise<string> {
  return (await stripe.paymentIntents.create(cardPayment({}))).id;
}

const refund = (intent: string, amount: number) =>
  stripe.refunds.create({ payment_intent: intent, amount });

describe('an account that is short of money', () => {
  it('keeps refunds pending, the oldest paid first when money comes', async () => {
    const intent = await pay();
    expect(await control({ cents: 500 })).toBe(200);
    const paid = await refund(intent, 400);
    const [first, second] = [await refund(intent, 300), await refund(intent, 200)];
    expect(paid.status).toBe('succeeded');
    expect([first, second]).toMatchObject([
      { status: 'pending', pending_reason: 'insufficient_funds' },
      { status: 'pending', pending_reason: 'insufficient_funds' },
    ]);
    expect(await control({ cents: 350 })).toBe(200);
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ status: 'succeeded' });
    expect(await stripe.refunds.retrieve(first.id)).not.toHaveProperty('pending_reason');
    expect(await stripe.refunds.retrieve(second.id)).toMatchObject({ status: 'pending' });
    expect(await control(null)).toBe(200);
    expect(await stripe.refunds.retrieve(second.id)).toMatchObject({ status: 'succeeded' });
  });

  it('refuses them where it is told to, and nothing has happened', async () => {
    const intent = await pay();
    expect(await control({ cents: 100, beyond: 'refused' })).toBe(200);
    const error = await refusal(refund(intent, 101));
    expect([error.statusCode, error.code]).toEqual([400, 'balance_insufficient']);
    expect(emulator.truth().refunds).toEqual([]);
    expect((await refund(intent, 100)).status).toBe('succeeded');
  });

  it('has no limit that makes no sense', async () => {
    expect(await control({ cents: -1 })).toBe(400);
    expect(await control({ cents: 1, beyond: 'never' })).toBe(400);
  });
});
