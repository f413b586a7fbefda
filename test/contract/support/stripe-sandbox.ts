import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import {
  startStripeEmulator,
  type StripeEmulator,
  type StripeEmulatorOptions,
} from '../../../src/sandbox/stripe/index.js';

export const SECRET_KEY = 'sk_test_contract';

/** One request of the SDK and its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  path: string;
  query: string;
  body: string;
  status: number;
  headers: Headers;
  answer: string;
}

/** The SDK against an emulator, with everything it sends and hears written down. */
export interface Client {
  stripe: Stripe;
  exchanges: Exchange[];
  last(): Exchange;
}

/** The SDK without retries of its own (but the one after a cut connection). */
export function clientOf(emulator: StripeEmulator, key = SECRET_KEY): Client {
  const exchanges: Exchange[] = [];
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname, search } = new URL(response.url);
    exchanges.push({
      method: init?.method ?? 'GET',
      path: pathname,
      query: search.slice(1),
      body: typeof init?.body === 'string' ? init.body : '',
      status: response.status,
      headers: response.headers,
      answer: await response.clone().text(),
    });
    return response;
  };
  const stripe = new Stripe(key, {
    host: '127.0.0.1',
    port: emulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(recording),
  });
  const last = (): Exchange => {
    const exchange = exchanges.at(-1);
    if (exchange === undefined) throw new Error('nothing was sent yet');
    return exchange;
  };
  return { stripe, exchanges, last };
}

/** Emulators of one spec file; `stopAll` in afterEach. */
export class Emulators {
  private readonly running: StripeEmulator[] = [];

  async start(options: Partial<StripeEmulatorOptions> = {}): Promise<StripeEmulator> {
    const emulator = await startStripeEmulator({
      secretKeys: [SECRET_KEY],
      searchLagMs: 0,
      balanceTransactionLagMs: 0,
      ...options,
    });
    this.running.push(emulator);
    return emulator;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.running.splice(0).map((emulator) => emulator.close()));
  }
}

/** Where an emulator can keep its state, in a folder of its own. */
export const newStateFile = (): string =>
  path.join(mkdtempSync(path.join(tmpdir(), 'stripe-emulator-')), 'state');

/** A card payment that needs no buyer: charged at once, or refused. */
export const cardPayment = (
  overrides: Partial<Stripe.PaymentIntentCreateParams> = {},
): Stripe.PaymentIntentCreateParams => ({
  amount: 12_345,
  currency: 'usd',
  confirm: true,
  payment_method: 'pm_card_visa',
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  metadata: { payment_id: 'pay-1' },
  ...overrides,
});

/** A payment that its card has disputed, as one of Stripe's test cards does by itself. */
export async function disputedPayment(
  emulator: StripeEmulator,
  stripe: Stripe,
  payment_method = 'pm_card_createDispute',
): Promise<{ payment: Stripe.PaymentIntent; dispute: Stripe.Dispute; charge: string }> {
  const payment = await stripe.paymentIntents.create(cardPayment({ payment_method }));
  emulator.bank.advance();
  const { data } = await stripe.disputes.list({ payment_intent: payment.id });
  const [dispute] = data;
  if (dispute === undefined) throw new Error(`${payment_method} did not dispute`);
  return { payment, dispute, charge: dispute.charge as string };
}

/** The Stripe error a call ends with; fails the test when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('Stripe accepted what it should refuse');
}

/** Asks until the answer is there; the test's own timeout is the limit. */
export async function eventually<T>(ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
