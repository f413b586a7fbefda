import { CommandBus } from '@nestjs/cqrs';
import { ReviewPayment } from '../../src/payments/commands/review-payment.js';
import type { FaultName } from '../../src/sandbox/stripe/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';

jest.setTimeout(120_000);

/** Shorter than the faults' silence, and long enough for a busy machine to answer in. */
const TIMEOUT_MS = 700;
const SILENCE_MS = 1_500;
const AMOUNT = 1_000;

let running: RunningApp;
let event: OneTypeEvent;
let admin: Client;
let paymentId: string;
let key: string;

afterEach(() => running.close());

/** An application that does `role`'s work, and a payment of two tickets; the provider tells nothing. */
async function open(role: 'api' | 'worker'): Promise<void> {
  running = await startApp({ STRIPE_TIMEOUT_MS: String(TIMEOUT_MS), ROLE: role });
  running.world.stripe.clearWebhook();
  const shop = new Shop(running.world);
  event = shop.event();
  admin = await shop.as(running.url, 'admin');
  const buyer = await shop.buyer(running.url);
  const { body } = await buyer.pay(PROCESS, orderOf(event, { quantity: 2 }));
  paymentId = String(body.transaction.id);
  key = newKey();
}

const refund = (body: object = { amount: AMOUNT }, by = key): Promise<Reply> =>
  admin.pay(`/api/v1/payments/transaction/${paymentId}/refund`, body, by);
const paidBack = () => running.world.stripe.truth().refunds.map(({ amount }) => amount);
const payment = async () => {
  const text = `SELECT status, refunded_cents::int AS refunded, refund_pending_cents::int AS pending
    FROM payment_transactions`;
  return (await query(running.world, text))[0];
};

/** Refunds while the provider is in trouble: nobody knows, and the money stays set aside. */
async function refundInTrouble(fault: FaultName): Promise<void> {
  // The SDK itself repeats a call whose connection was cut, once.
  const times = fault.startsWith('reset') ? 2 : 1;
  const match = { method: 'POST', path: '^/v1/refunds$' } as const;
  running.world.stripe.setFaults({ rules: [{ fault, times, holdMs: SILENCE_MS, match }] });
  const reply = await refund();
  expect([reply.status, (reply.body.refund as { status: string }).status]).toEqual([
    202,
    'pending',
  ]);
  expect(await payment()).toEqual({ status: 'REFUNDING', refunded: 0, pending: AMOUNT });
  const all = Number(reply.body.refundableCents);
  const more = await refund({ amount: all + 1 }, newKey());
  expect([more.status, more.body.code]).toEqual([422, 'REFUND_EXCEEDS_ORIGINAL']);
}

async function expectOneRefund(): Promise<void> {
  expect(paidBack()).toEqual([AMOUNT]);
  expect(await payment()).toEqual({ status: 'PARTIALLY_REFUNDED', refunded: AMOUNT, pending: 0 });
  const replay = await refund();
  expect(replay.status).toBe(200);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(replay.body.refund).toMatchObject({ status: 'completed', amount: AMOUNT });
  expect(paidBack()).toEqual([AMOUNT]);
  expect(await checkInvariants(running.world)).toEqual([]);
}

/** By their row; with an effect at the provider, or without one. */
const FAULTS: readonly (readonly [number, FaultName, number])[] = [
  [10, 'hang', 1],
  [10, 'failAfter', 1],
  [10, 'reset', 1],
  [11, 'hangBefore', 0],
  [11, 'failBefore', 0],
  [11, 'resetBefore', 0],
  [12, 'sticky500', 1],
  [13, 'rateLimit', 0],
];

describe.each(FAULTS)('row %i: %s at a refund, with %i refunds made', (_, fault, made) => {
  it('is resolved by its key', async () => {
    await open('api');
    await refundInTrouble(fault);
    if (fault !== 'hangBefore') expect(paidBack()).toHaveLength(made);
    await eventually(async () => (await refund()).status === 200, 'the answer');
    await expectOneRefund();
  });

  it('is resolved by the janitor', async () => {
    await open('worker');
    await refundInTrouble(fault);
    await eventually(async () => {
      await letTimePass(running.world);
      return (await payment())?.pending === 0;
    }, 'the janitor');
    await expectOneRefund();
  });
});

describe('a refund whose answer is lost and that the provider’s own list tells of', () => {
  it('keeps the answer for whoever asked', async () => {
    await open('api');
    await refundInTrouble('failAfter');
    const { tenantId } = running.world.cast;
    const review = new ReviewPayment(tenantId, paymentId);
    await running.app.get(CommandBus).execute(review);
    expect(await payment()).toMatchObject({ status: 'PARTIALLY_REFUNDED', pending: 0 });
    expect(await checkInvariants(running.world)).toEqual([]);
    await expectOneRefund();
  });
});

describe('row 35: a refund of a charge that its bank disputes', () => {
  const dispute = () => {
    const { charges } = running.world.stripe.truth();
    return running.world.stripe.bank.openDispute(charges[0]?.id ?? '') as { id: string };
  };

  it('is refused by the provider before we know of it: nothing goes back', async () => {
    await open('api');
    dispute();
    const reply = await refund();
    expect([reply.status, reply.body.code]).toEqual([409, 'REFUND_FAILED']);
    expect(paidBack()).toEqual([]);
    expect(await payment()).toEqual({ status: 'PAID', refunded: 0, pending: 0 });
    expect((await refund()).text).toBe(reply.text);
  });

  it('is refused, though the key of it answers with an error for ever', async () => {
    await open('api');
    dispute();
    await refundInTrouble('sticky500');
    await eventually(async () => (await refund()).status === 409, 'the answer');
    expect((await refund()).body.code).toBe('REFUND_FAILED');
    expect(await payment()).toEqual({ status: 'PAID', refunded: 0, pending: 0 });
    expect(paidBack()).toEqual([]);
  });

  it('goes through once the dispute is won', async () => {
    await open('api');
    const { id } = dispute();
    expect((await refund()).status).toBe(409);
    running.world.stripe.bank.decideDispute(id, 'won');
    expect((await refund({ amount: AMOUNT }, newKey())).status).toBe(200);
    expect(paidBack()).toEqual([AMOUNT]);
  });
});
