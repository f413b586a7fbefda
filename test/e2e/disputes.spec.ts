import { Clock } from '../../src/kernel/clock.js';
import { disputeIdOf } from '../../src/payments/domain/decide-dispute.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import { Client, type Reply } from '../support/client.js';
import { bookOf, shown } from '../support/disputes.js';
import {
  eventually,
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
let owner: Client;

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
  owner = await ownerOf(event.venueId);
});
afterEach(() => {
  running.world.stripe.setFaults({ rules: [] });
});

const LIST = '/api/v1/disputes';

async function ownerOf(venueId: string, expiresIn = '12h'): Promise<Client> {
  const { cast, mintToken } = running.world;
  const claims = { sub: cast.users.venueOwner, tenantId: cast.tenantId, venues: [venueId] };
  return new Client(running.url, await mintToken({ ...claims, roles: ['venue_owner'], expiresIn }));
}

const idOf = ({ body }: Reply) => String(body.transaction.id);
const show = async (id: string, by = admin) => shown(await by.get(`${LIST}/${id}`));
const respond = (id: string, body: object, by = owner, key = newKey()) =>
  by.post(`${LIST}/${id}/evidence`, body, { 'idempotency-key': key });
const statusOf = async (paymentId: string) =>
  (await admin.get(`/api/v1/payments/transaction/${paymentId}`)).body.transaction.status;
const atProvider = (reference: unknown) =>
  running.world.stripe.truth().disputes.find(({ id }) => id === reference);
const items = async (subjectId: string) =>
  query(running.world, 'SELECT kind, status FROM open_items WHERE subject_id = $1 ORDER BY kind', [
    subjectId,
  ]);

const balances = (paymentId: string) => bookOf(running.world, paymentId, event.venueId);

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

async function disputed(card: string = CARDS.dispute) {
  const bought = await buy(card);
  const before = await balances(idOf(bought));
  const id = await disputeOf(idOf(bought));
  return { bought, paymentId: idOf(bought), id, before, total: Number(bought.body.fees.total) };
}

describe('a dispute', () => {
  it('takes the money, waits for evidence, is won with it, and gives the money back', async () => {
    const { paymentId, id, before, total } = await disputed();
    const opened = await show(id, owner);
    expect(opened).toMatchObject({
      dispute: { paymentId, venueId: event.venueId, amount: total, fee: 1500, submittedAt: null },
      awaitsEvidence: true,
      evidence: null,
      payment: { id: paymentId, status: 'disputed', amountCharged: total, refundedAmount: 0 },
      ledger: expect.arrayContaining([
        expect.objectContaining({ kind: 'dispute_opened' }),
        expect.objectContaining({ kind: 'dispute_fee' }),
      ]) as unknown,
    });
    expect(id).toBe(disputeIdOf(paymentId, String(opened.dispute.stripeDisputeId)));
    expect(await balances(paymentId)).toEqual({
      ...before,
      'provider:stripe:clearing': -1500,
      'disputes:held': total,
      'platform:dispute-fees': 1500,
      'venue:V:reserved': before['venue:V:pending'],
      'venue:V:pending': undefined,
    });
    expect(await items(id)).toEqual([{ kind: 'dispute_evidence_due', status: 'open' }]);

    const drafted = await respond(id, { submit: false });
    expect(drafted.status).toBe(200);
    expect(shown(drafted)).toMatchObject({ success: true, submitted: false, awaitsEvidence: true });
    const reference = opened.dispute.stripeDisputeId;
    expect(atProvider(reference)).toMatchObject({
      status: 'needs_response',
      evidence: shown(drafted).evidence,
    });

    const won = { uncategorized_text: 'winning_evidence' };
    const submitted = await respond(id, { submit: true, evidence: won });
    expect(submitted.status).toBe(200);
    expect(shown(submitted)).toMatchObject({ success: true, submitted: true });
    await becomes(id, 'won');
    await eventually(async () => (await statusOf(paymentId)) === 'completed', 'the money back');
    expect(atProvider(reference)?.evidence).toMatchObject({
      ...shown(drafted).evidence,
      ...won,
      customer_purchase_ip: '127.0.0.1',
    });
    expect(await balances(paymentId)).toEqual({
      ...before,
      'provider:stripe:clearing': total - 1500,
      'platform:dispute-fees': 1500,
    });
    const { history, evidence } = await show(id);
    expect(history.map(({ type }) => type)).toEqual([
      'dispute.received',
      'dispute.evidence_drafted',
      'dispute.evidence_drafted',
      'dispute.evidence_submitted',
      'dispute.status_changed',
      'dispute.status_changed',
      'dispute.closed',
    ]);
    expect(evidence).toMatchObject(won);
    expect(JSON.stringify(history)).not.toContain('127.0.0.1');
    expect(await items(id)).toEqual([{ kind: 'dispute_evidence_due', status: 'resolved' }]);
  });

  it('is lost for good: what is left of the sale is the fee that the bank took', async () => {
    const { paymentId, id } = await disputed(CARDS.disputeNotReceived);
    await respond(id, { submit: true, evidence: { uncategorized_text: 'losing_evidence' } });
    await becomes(id, 'lost');
    await eventually(async () => (await statusOf(paymentId)) === 'refunded', 'the end');
    expect(await balances(paymentId)).toEqual({
      'provider:stripe:clearing': -1500,
      'platform:dispute-fees': 1500,
    });
    const late = await respond(id, { submit: false });
    expect([late.status, late.body.code]).toEqual([409, 'DISPUTE_CLOSED']);
  });

  it('lets no refund go out meanwhile', async () => {
    const { paymentId } = await disputed();
    const path = `/api/v1/payments/transaction/${paymentId}/refund`;
    const reply = await admin.post(path, {}, { 'idempotency-key': newKey() });
    expect([reply.status, reply.body.code]).toEqual([409, 'PAYMENT_DISPUTED']);
    expect(
      running.world.stripe.truth().refunds.filter((r) => r.metadata.payment_id === paymentId),
    ).toEqual([]);
  });
});

describe('an inquiry', () => {
  it('moves nothing until it becomes a dispute, which takes evidence anew', async () => {
    const { paymentId, id, before } = await disputed(CARDS.disputeInquiry);
    expect(await show(id)).toMatchObject({
      dispute: { status: 'warning_needs_response', fee: 0 },
      ledger: [],
      payment: { status: 'completed' },
    });
    expect(await balances(paymentId)).toEqual(before);
    const evidence = { uncategorized_text: 'escalate_inquiry_evidence' };
    expect((await respond(id, { submit: true, evidence })).status).toBe(200);
    await becomes(id, 'needs_response');
    expect(await show(id)).toMatchObject({ awaitsEvidence: true, dispute: { fee: 1500 } });
    expect(await statusOf(paymentId)).toBe('disputed');
    expect((await items(id)).map(({ status }) => status).sort()).toEqual(['open', 'resolved']);
    const again = { uncategorized_text: 'winning_evidence' };
    expect((await respond(id, { submit: true, evidence: again })).status).toBe(200);
    await becomes(id, 'won');
  });
});

describe('the evidence', () => {
  it('is built from our own log: price, policy, tickets, times, 3-D Secure; nobody by name', async () => {
    const asked = await buyer.pay(PROCESS, orderOf(event, { card: CARDS.threeDSecure }));
    await answerChallenge(asked, 'complete');
    const paymentId = idOf(asked);
    await eventually(async () => (await statusOf(paymentId)) === 'completed', 'the purchase');
    const charge = running.world.stripe
      .truth()
      .charges.find(({ metadata }) => metadata.payment_id === paymentId);
    running.world.stripe.bank.openDispute(charge?.id ?? '', { reason: 'general' });
    const id = await disputeOf(paymentId);
    const { evidence } = shown(await respond(id, { submit: false }));
    const [ticket] = asked.body.transaction.tickets as [{ id: string }];
    expect(evidence.product_description).toContain(ticket.id);
    expect(evidence.service_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(evidence.refund_policy_disclosure).toContain('The sale is final');
    expect(evidence.refund_refusal_explanation).toBe('No refund was made before the dispute.');
    expect(evidence.access_activity_log).toContain('the tickets were delivered');
    const dollars = (Number(asked.body.fees.total) / 100).toFixed(2);
    expect(evidence.uncategorized_text).toContain(`Charged: USD ${dollars}`);
    expect(evidence.uncategorized_text).toContain('3-D Secure 2.2.0: authenticated');
    expect(evidence.uncategorized_text).toContain('the address was recorded');
    expect(JSON.stringify(evidence)).not.toMatch(/@|127\.0\.0\.1/);
  });

  it('is taken once: a repeated key answers the same, another submission is refused', async () => {
    const { id } = await disputed();
    const key = newKey();
    const first = await respond(id, { submit: true }, owner, key);
    expect(first.status).toBe(200);
    const second = await respond(id, { submit: true }, owner, key);
    expect([second.text, second.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    const third = await respond(id, { submit: true });
    expect([third.status, third.body.code]).toEqual([409, 'DISPUTE_CLOSED']);
    const { dispute } = await show(id);
    expect(atProvider(dispute.stripeDisputeId)?.submissionCount).toBe(1);
    const audited = await query(
      running.world,
      'SELECT action FROM audit_log WHERE object_id = $1',
      [id],
    );
    expect(audited).toEqual([{ action: 'dispute.submission_requested' }]);
  });

  it('whose answer is lost is handed in once, and the same key learns of it', async () => {
    const { id } = await disputed();
    running.world.stripe.setFaults({
      rules: [{ fault: 'failAfter', times: 1, match: { method: 'POST', path: '^/v1/disputes/' } }],
    });
    const key = newKey();
    const first = await respond(id, { submit: true }, owner, key);
    expect([first.status, first.body.success]).toEqual([202, false]);
    const second = await respond(id, { submit: true }, owner, key);
    expect([second.status, second.body.submitted]).toEqual([200, true]);
    const { dispute } = await show(id);
    expect(atProvider(dispute.stripeDisputeId)?.submissionCount).toBe(1);
  });

  it('is refused after the deadline', async () => {
    const { id } = await disputed();
    const { dispute } = await show(id);
    const due = Date.parse(String(dispute.evidenceDueBy));
    const patient = await ownerOf(event.venueId, '30d');
    const clock = jest.spyOn(running.app.get(Clock), 'now').mockReturnValue(new Date(due + 1));
    const late = await respond(id, { submit: true }, patient);
    clock.mockRestore();
    expect([late.status, late.body.code]).toEqual([409, 'DISPUTE_CLOSED']);
    expect((await respond(id, { submit: true })).status).toBe(200);
  });
});

describe('who may', () => {
  it("the venue's own people and administrators; a stranger sees nothing", async () => {
    const { id, paymentId } = await disputed();
    const stranger = await ownerOf(shop.event().venueId);
    expect((await stranger.get(`${LIST}/${id}`)).status).toBe(404);
    expect((await respond(id, { submit: false }, stranger)).status).toBe(404);
    expect((await stranger.get(`${LIST}?paymentId=${paymentId}`)).body.disputes).toEqual([]);
    expect((await buyer.get(`${LIST}/${id}`)).status).toBe(403);
    expect((await owner.get(`${LIST}?venueId=${event.venueId}`)).body.disputes).toMatchObject([
      { id, paymentId },
    ]);
  });

  it('lists them newest first, page by page, each once', async () => {
    const made = [await disputed(), await disputed(), await disputed()].map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await owner.get(`${LIST}?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.disputes as { id: string }[]).map(({ id }) => id));
      if (typeof body.nextCursor !== 'string') break;
      cursor = body.nextCursor;
    }
    expect([...seen].sort()).toEqual([...made].sort());
    const open = await owner.get(`${LIST}?status=needs_response`);
    expect(open.body.disputes).toHaveLength(3);
    expect((await owner.get(`${LIST}?status=won`)).body.disputes).toEqual([]);
  });
});
