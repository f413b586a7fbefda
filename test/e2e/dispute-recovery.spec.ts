import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { bookOf, shown } from '../support/disputes.js';
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

jest.setTimeout(60_000);

let running: RunningApp;
let shop: Shop;
let event: OneTypeEvent;
let buyer: Client;
let admin: Client;

beforeAll(async () => {
  running = await startApp();
  running.world.stripe.setLags({ disputeLagMs: 50, balanceTransactionLagMs: 0 });
  shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
});
afterAll(() => running.close());

beforeEach(async () => {
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(() => {
  running.world.stripe.setFaults({ rules: [] });
});

const LIST = '/api/v1/disputes';

const idOf = ({ body }: Reply) => String(body.transaction.id);
const show = async (id: string) => shown(await admin.get(`${LIST}/${id}`));
const respond = (id: string, key = newKey()) =>
  admin.post(`${LIST}/${id}/evidence`, { submit: true }, { 'idempotency-key': key });
const statusOf = async (paymentId: string) =>
  (await admin.get(`/api/v1/payments/transaction/${paymentId}`)).body.transaction.status;
const atProvider = (reference: unknown) =>
  running.world.stripe.truth().disputes.find(({ id }) => id === reference);
const balances = (paymentId: string) => bookOf(running.world, paymentId, event.venueId);
/** How much evidence waits for the janitor. */
const onItsWay = async () =>
  Number(
    (await query(running.world, 'SELECT count(*) FROM dispute_evidence_operations'))[0]?.count,
  );

async function buy(card: string = CARDS.ok): Promise<Reply> {
  const reply = await buyer.pay(PROCESS, orderOf(event, { quantity: 2, card }));
  expect(reply.status).toBe(200);
  return reply;
}

/** The dispute of a payment, once we know of it. */
function disputeOf(paymentId: string): Promise<string> {
  return eventually(async () => {
    const { body } = await admin.get(`${LIST}?paymentId=${paymentId}`);
    return (body.disputes as { id: string }[])[0]?.id;
  }, 'the dispute');
}

const becomes = (id: string, status: string) =>
  eventually(async () => (await show(id)).dispute.status === status, `a dispute ${status}`);

const disputed = async (card: string) => disputeOf(idOf(await buy(card)));

it('a dispute of more than a refund left takes the rest of the venue when that comes back', async () => {
  const bought = await buy();
  const paymentId = idOf(bought);
  const total = Number(bought.body.fees.total);
  const path = `/api/v1/payments/transaction/${paymentId}/refund`;
  const asked = await admin.post(path, { amount: 1_000 }, { 'idempotency-key': newKey() });
  expect(asked.status).toBe(200);
  const { bank } = running.world.stripe;
  const charge = running.world.stripe
    .truth()
    .charges.find(({ metadata }) => metadata.payment_id === paymentId);
  const opened = bank.openDispute(charge?.id ?? '', { amount: total }) as { id: string };
  const id = await disputeOf(paymentId);
  await eventually(async () => (await statusOf(paymentId)) === 'disputed', 'the dispute');
  const held = (await balances(paymentId))['venue:V:reserved'] ?? 0;
  expect(-held).toBeGreaterThan(0);
  expect(-held).toBeLessThan(2 * event.priceCents);

  const refund = running.world.stripe.truth().refunds.find((each) => each.charge === charge?.id);
  bank.settleRefund(refund?.id ?? '', 'failed', 'lost_or_stolen_card');
  await eventually(
    async () => (await balances(paymentId))['venue:V:pending'] === -2 * event.priceCents - held,
    'the refund to be undone',
  );
  bank.decideDispute(opened.id, 'lost');
  await becomes(id, 'lost');
  await eventually(async () => (await statusOf(paymentId)) === 'refunded', 'the end');
  expect(await balances(paymentId)).toEqual({
    'provider:stripe:clearing': -1500,
    'platform:dispute-fees': 1500,
  });
  const [{ lost_cents: lost } = {}] = await query(
    running.world,
    'SELECT lost_cents::integer FROM payment_transactions WHERE id = $1',
    [paymentId],
  );
  expect(lost).toBe(total);
  expect(await checkInvariants(running.world)).toEqual([]);
});

describe('evidence', () => {
  it.each(['failAfter', 'failBefore'] as const)(
    'whose answer is lost (%s) is handed in once by the janitor, where nobody asks again',
    async (fault) => {
      const id = await disputed(CARDS.dispute);
      const match = { method: 'POST', path: '^/v1/disputes/' } as const;
      running.world.stripe.setFaults({ rules: [{ fault, times: 1, match }] });
      const key = newKey();
      const first = await respond(id, key);
      expect([first.status, first.body.success]).toEqual([202, false]);
      await eventually(async () => {
        await letTimePass(running.world);
        return (await show(id)).dispute.submittedAt !== null && (await onItsWay()) === 0;
      }, 'the janitor');
      const { dispute } = await show(id);
      expect(atProvider(dispute.stripeDisputeId)?.submissionCount).toBe(1);
      const second = await respond(id, key);
      expect([second.status, second.body.submitted]).toEqual([200, true]);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    },
  );

  it.each(['the janitor', 'whoever asks again'])(
    'that arrived, and to whose key the provider answers 500 for ever, is found by %s',
    async (who) => {
      const id = await disputed(CARDS.dispute);
      // Nobody tells us: only looking helps.
      running.world.stripe.clearWebhook();
      const match = { method: 'POST', path: '^/v1/disputes/' } as const;
      running.world.stripe.setFaults({ rules: [{ fault: 'sticky500', times: 1, match }] });
      const key = newKey();
      const first = await respond(id, key);
      expect([first.status, first.body.success]).toEqual([202, false]);
      await eventually(async () => {
        if (who === 'the janitor') await letTimePass(running.world);
        else await respond(id, key);
        return (await show(id)).dispute.submittedAt !== null && (await onItsWay()) === 0;
      }, who);
      const { dispute } = await show(id);
      expect(atProvider(dispute.stripeDisputeId)?.submissionCount).toBe(1);
      const again = await respond(id, key);
      expect([again.status, again.body.submitted]).toEqual([200, true]);
      const secret = running.world.secrets.stripeWebhookSecret;
      running.world.stripe.setWebhook(`${running.url}/webhooks/stripe`, secret);
    },
  );

  it('that was meant for an inquiry is not handed in once that is a dispute', async () => {
    const id = await disputed(CARDS.disputeInquiry);
    const { dispute } = await show(id);
    const reference = String(dispute.stripeDisputeId);
    const match = { method: 'POST', path: '^/v1/disputes/' } as const;
    running.world.stripe.setFaults({ rules: [{ fault: 'failBefore', match }] });
    const key = newKey();
    expect((await respond(id, key)).status).toBe(202);
    running.world.stripe.bank.decideDispute(reference, 'escalated');
    await becomes(id, 'needs_response');
    running.world.stripe.setFaults({ rules: [] });
    await eventually(async () => {
      await letTimePass(running.world);
      return (await onItsWay()) === 0;
    }, 'the janitor');
    expect(atProvider(reference)?.submissionCount).toBe(0);
    const told = await respond(id, key);
    expect([told.status, told.body.code]).toEqual([409, 'DISPUTE_CLOSED']);
    expect((await respond(id)).status).toBe(200);
    expect(atProvider(reference)?.submissionCount).toBe(1);
  });
});
