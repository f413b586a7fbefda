import { randomUUID } from 'node:crypto';
import { CARDS } from '../../src/sandbox/cards.js';
import { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { Books } from '../support/reconcile.js';
import type { OneTypeEvent } from '../support/shop.js';

let books: Books;
let event: OneTypeEvent;

beforeAll(async () => {
  books = await Books.open();
});
afterAll(() => books.close());
beforeEach(() => {
  event = books.shop.event();
});

describe('a run', () => {
  it('books what the provider takes for a charge, once, and finds both sides equal', async () => {
    const id = await books.buy(event);
    const { fee } = books.truth.balanceTransactions.find(
      ({ source }) => source === books.chargeOf(id).id,
    ) ?? {
      fee: 0,
    };
    const first = await books.reconcile();
    expect(first.differences).toEqual([]);
    expect(first.run.figures).toMatchObject({ costsBooked: 1, open: 0 });
    expect(await books.posted(id, 'processing_cost')).toEqual([
      { account: 'platform:processing-cost', cents: fee },
      { account: 'provider:stripe:clearing', cents: -fee },
    ]);
    const second = await books.reconcile();
    expect(second.run.figures).toMatchObject({ costsBooked: 0, linesImported: 0, open: 0 });
    expect(await books.posted(id, 'processing_cost')).toHaveLength(2);
    const [balance] = second.run.figures.balances;
    expect(balance).toMatchObject({ currency: 'USD', differenceCents: 0, explainedCents: 0 });
    const net = books.truth.balanceTransactions.reduce(
      (sum, each) => sum + each.amount - each.fee,
      0,
    );
    expect(balance?.providerCents).toBe(net);
  });

  it('takes the cost from the venue where the venue bears it', async () => {
    const set = await books.admin.send(
      'PUT',
      `/api/v1/venues/${event.venueId}/settings`,
      JSON.stringify({ settings: { processingFeePayer: 'venue' } }),
      {},
    );
    expect(set.status).toBeLessThan(300);
    const id = await books.buy(event);
    await books.reconcile();
    const [cost] = await books.posted(id, 'processing_cost');
    expect(cost?.account).toBe(`venue:${event.venueId}:pending`);
  });

  it('books a refund made in the provider’s dashboard, and a dispute with its fee', async () => {
    const [refunded, disputed] = [await books.buy(event), await books.buy(event)];
    await books.reconcile();
    await books.dashboard.refunds.create({ charge: books.chargeOf(refunded).id, amount: 1_000 });
    books.running.world.stripe.bank.openDispute(books.chargeOf(disputed).id);
    const { run: done, differences } = await books.reconcile();
    expect(differences).toEqual([]);
    expect(done.figures).toMatchObject({ paymentsReviewed: 2 });
    expect(await books.payment(refunded)).toMatchObject({ status: 'partially_refunded' });
    expect(await books.payment(disputed)).toMatchObject({ status: 'disputed' });
    expect(done.figures.balances).toMatchObject([{ differenceCents: 0 }]);
  });

  it('learns of a refund that came back, of a dispute that was won and of its fee', async () => {
    const [refunded, disputed] = [await books.buy(event), await books.buy(event)];
    const refund = await books.dashboard.refunds.create({
      charge: books.chargeOf(refunded).id,
      amount: 1_000,
    });
    books.running.world.stripe.bank.openDispute(books.chargeOf(disputed).id);
    await books.reconcile();
    books.running.world.stripe.bank.settleRefund(refund.id, 'failed');
    const dispute = books.truth.disputes.find(
      ({ charge }) => charge === books.chargeOf(disputed).id,
    );
    books.running.world.stripe.bank.decideDispute(dispute?.id ?? '', 'won', { returnFee: true });
    const { differences, run: done } = await books.reconcile();
    expect(differences).toEqual([]);
    expect(await books.payment(refunded)).toMatchObject({ status: 'completed' });
    expect(await books.payment(disputed)).toMatchObject({ status: 'completed' });
    expect(await books.posted(disputed, 'dispute_fee_returned')).toEqual([
      { account: 'platform:dispute-fees', cents: -1_500 },
      { account: 'provider:stripe:clearing', cents: 1_500 },
    ]);
    expect(done.figures.balances).toMatchObject([{ differenceCents: 0 }]);
  });

  it('books a dispute’s fee that the provider took only after it had opened, once', async () => {
    const id = await books.buy(event);
    await books.reconcile();
    const { bank } = books.running.world.stripe;
    bank.openDispute(books.chargeOf(id).id, { withdraw: false });
    await books.review(id);
    expect(await books.payment(id)).toMatchObject({ status: 'disputed' });
    expect(await books.posted(id, 'dispute_fee')).toEqual([]);
    const dispute = books.truth.disputes.find(({ charge }) => charge === books.chargeOf(id).id);
    bank.moveDisputeFunds(dispute?.id ?? '', 'withdraw');
    const FEE = [
      { account: 'platform:dispute-fees', cents: 1_500 },
      { account: 'provider:stripe:clearing', cents: -1_500 },
    ];
    for (const costsBooked of [1, 0]) {
      const { differences, run } = await books.reconcile();
      expect(differences).toEqual([]);
      expect(run.figures).toMatchObject({ costsBooked });
      expect(run.figures.balances).toMatchObject([{ differenceCents: 0 }]);
      expect(await books.posted(id, 'dispute_fee')).toEqual(FEE);
    }
    expect(await checkInvariants(books.running.world)).toEqual([]);
  });

  it('says nothing of what came and went before anybody had heard of it', async () => {
    const id = await books.buy(event);
    await books.reconcile();
    const refund = await books.dashboard.refunds.create({
      charge: books.chargeOf(id).id,
      amount: 500,
    });
    books.running.world.stripe.bank.settleRefund(refund.id, 'failed');
    const { differences } = await books.reconcile();
    expect(differences).toEqual([]);
    expect(await books.posted(id, 'refund_paid')).toEqual([]);
  });

  it('row 12: finds a payment whose key answers 500 for ever', async () => {
    books.running.world.stripe.setFaults({
      rules: [{ fault: 'sticky500', match: { method: 'POST', path: '/v1/payment_intents$' } }],
    });
    const id = String((await books.order(event)).body.transaction.id);
    await books.leaveToTheRun(id);
    books.running.world.stripe.setFaults({});
    expect(await books.status(id)).toBe('UNKNOWN');
    const { differences, run } = await books.reconcile();
    expect(differences).toEqual([]);
    expect(run.figures).toMatchObject({ paymentsReviewed: 1, costsBooked: 1 });
    expect(await books.status(id)).toBe('PAID');
  });
});

describe('a charge made at the provider by hand', () => {
  it('is named with its cents, has one item for a human, and stays one difference', async () => {
    const intent = await books.dashboard.paymentIntents.create({
      amount: 4_321,
      currency: 'usd',
      payment_method: CARDS.ok,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    const line = books.truth.balanceTransactions.find(
      ({ source }) => source === books.truth.charges.find((c) => c.paymentIntent === intent.id)?.id,
    );
    const net = (line?.amount ?? 0) - (line?.fee ?? 0);
    const { platformTenantId: tenantId } = books.running.world.cast;
    const sub = randomUUID();
    const token = await books.running.world.mintToken({ sub, tenantId, roles: ['admin'] });
    const platform = new Client(books.running.url, token);
    const first = await books.reconcile(platform);
    const [found] = first.differences.filter(({ subjectId }) => subjectId === line?.id);
    expect(found).toMatchObject({
      cause: 'charge_without_payment',
      movement: 'charge',
      cents: net,
      atRiskCents: net,
      owner: 'finance',
      fix: null,
      timesSeen: 1,
    });
    const second = await books.reconcile(platform);
    expect(second.differences.filter(({ subjectId }) => subjectId === line?.id)).toMatchObject([
      { id: found?.id, timesSeen: 2 },
    ]);
    expect(second.run.figures).toMatchObject({ opened: 0 });
    const [balance] = second.run.figures.balances;
    expect(balance?.differenceCents).toBe(balance?.explainedCents);
    expect(balance?.explainedCents).toBe(second.totals.reduce((sum, { cents }) => sum + cents, 0));
    const { body } = await platform.get(
      '/admin/open-items?kind=reconciliation_charge_without_payment',
    );
    expect(body.items).toMatchObject([{ subjectId: found?.id, centsAtRisk: net }]);
  });
});

describe('who may', () => {
  it('another tenant sees none of it, and an administrator’s run is in the audit log', async () => {
    const id = (await books.reconcile()).run.id;
    const buyer = await books.shop.buyer(books.running.url);
    const { otherTenantId } = books.running.world.cast;
    const sub = randomUUID();
    const token = await books.running.world.mintToken({
      sub,
      tenantId: otherTenantId,
      roles: ['admin'],
    });
    const stranger = new Client(books.running.url, token);
    expect((await stranger.get(`/admin/reconciliation/runs/${id}`)).status).toBe(404);
    expect((await stranger.get('/admin/reconciliation/runs')).body.runs).toEqual([]);
    expect((await buyer.get('/admin/reconciliation/runs')).status).toBe(403);
    const { body } = await books.admin.get(`/admin/audit?objectId=${id}`);
    expect(body.entries).toMatchObject([{ action: 'reconciliation_run.requested' }]);
  });
});
