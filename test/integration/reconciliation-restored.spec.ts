import { newId } from '../../src/kernel/ids.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, orderOf, PROCESS, query } from '../support/shop.js';
import { idOf, RestoredWorld } from './restored-world.js';

jest.setTimeout(60_000);

let scene: RestoredWorld;

beforeAll(async () => {
  scene = await RestoredWorld.open();
});
afterAll(() => scene.close());

/** What a payment's money and tickets came to, row by row. */
const traces = (id: string) =>
  query(
    scene.running.world,
    `SELECT (SELECT count(*)::integer FROM payment_event_sequence WHERE payment_id = $1) AS events,
      (SELECT count(*)::integer FROM ledger_journals WHERE reference_id = $1) AS journals,
      (SELECT count(*)::integer FROM tickets WHERE payment_id = $1) AS tickets,
      (SELECT count(*)::integer FROM outbox WHERE aggregate_id = $1) AS told`,
    [id],
  );

describe('row 48: after a backup that has lost the last of it', () => {
  it('what it still knows the beginning of is brought to what the provider holds', async () => {
    const { world } = scene.running;
    const event = scene.shop.event();
    const refunded = idOf(await scene.order(event));
    world.stripe.setFaults({
      rules: [
        { fault: 'reset', match: { method: 'POST', path: '/v1/payment_intents$' }, times: 1 },
      ],
    });
    const begun = idOf(await scene.order(event));
    await scene.backup.take();
    expect(await scene.payment(begun)).toMatchObject({ status: 'completed' });
    const refund = `/api/v1/payments/transaction/${refunded}/refund`;
    expect((await scene.admin.pay(refund, { amount: 700 })).status).toBe(200);
    const before = scene.truth;
    await scene.backup.restore();

    const { differences, run } = await scene.reconcile();
    expect(differences).toEqual([]);
    expect(run.figures.balances).toMatchObject([{ differenceCents: 0 }]);
    expect(await scene.payment(refunded)).toMatchObject({
      status: 'partially_refunded',
      refundedAmount: 700,
    });
    expect(await scene.payment(begun)).toMatchObject({ status: 'completed' });
    expect(scene.truth.charges).toHaveLength(before.charges.length);
    expect(scene.truth.refunds).toHaveLength(before.refunds.length);
    expect(await checkInvariants(world)).toEqual([]);
  });

  it('what it knows nothing of is rebuilt, with its refunds and disputes, and charged to nobody', async () => {
    const { world, url } = scene.running;
    const event = scene.shop.event();
    const [buyer, key] = [await scene.shop.buyer(url), newKey()];
    const body = orderOf(event, { quantity: 2 });
    await scene.backup.take();
    const paid = idOf(await buyer.pay(PROCESS, body, key));
    const [refunded, disputed] = [idOf(await scene.order(event)), idOf(await scene.order(event))];
    const was = await scene.payment(paid);
    const refund = `/api/v1/payments/transaction/${refunded}/refund`;
    expect((await scene.admin.pay(refund, { amount: 700 })).status).toBe(200);
    world.stripe.bank.openDispute(scene.chargeOf(disputed).id);
    const before = scene.truth;
    await scene.backup.restore();
    expect(await scene.status(paid)).toBeUndefined();

    const first = await scene.reconcile();
    expect(first.differences).toEqual([]);
    expect(first.run.figures).toMatchObject({ paymentsRebuilt: 3, costsBooked: 3 });
    expect(first.run.figures.balances).toMatchObject([{ differenceCents: 0 }]);
    expect((await scene.reconcilePlatform()).differences).toEqual([]);
    expect(await scene.payment(paid)).toEqual(was);
    expect(await scene.payment(refunded)).toMatchObject({
      status: 'partially_refunded',
      refundedAmount: 700,
    });
    expect(await scene.payment(disputed)).toMatchObject({ status: 'disputed' });
    expect(await scene.tickets(paid)).toEqual(['sold']);
    const { body: audit } = await scene.admin.get(`/admin/audit?objectId=${paid}`);
    expect(audit.entries).toMatchObject([
      { action: 'payment.rebuilt', actor: { type: 'system', id: 'reconciliation' } },
    ]);

    const kept = await Promise.all([paid, refunded, disputed].map(traces));
    const second = await scene.reconcile();
    expect(second.differences).toEqual([]);
    expect(second.run.figures).toMatchObject({ paymentsRebuilt: 0, costsBooked: 0 });
    expect(await Promise.all([paid, refunded, disputed].map(traces))).toEqual(kept);

    // The request's own answer is lost; that it was paid is not.
    const again = await buyer.pay(PROCESS, body, key);
    expect([again.status, idOf(again)]).toEqual([200, paid]);
    expect(scene.truth.charges).toHaveLength(before.charges.length);
    expect(scene.truth.refunds).toHaveLength(before.refunds.length);
    expect(await checkInvariants(world)).toEqual([]);
  });

  it('what was pending then has ended as it did at the provider, though no money tells of it', async () => {
    const { world } = scene.running;
    const event = scene.shop.event();
    const disputed = idOf(await scene.order(event));
    world.stripe.bank.openDispute(scene.chargeOf(disputed).id);
    expect((await scene.reconcile()).differences).toEqual([]);
    const manual = { rest: { captureMethod: 'manual' } };
    const authorized = idOf(await scene.order(event, manual));
    expect([await scene.status(disputed), await scene.status(authorized)]).toEqual([
      'DISPUTED',
      'AUTHORIZED',
    ]);
    await scene.backup.take();
    const charge = scene.chargeOf(disputed).id;
    const dispute = scene.truth.disputes.find((each) => each.charge === charge);
    world.stripe.bank.decideDispute(dispute?.id ?? '', 'lost');
    const cancel = `/api/v1/payments/transaction/${authorized}/cancel`;
    expect((await scene.admin.pay(cancel, {})).status).toBe(200);
    const lost = idOf(await scene.order(event));
    await scene.backup.restore();

    expect((await scene.reconcile()).differences).toEqual([]);
    expect(await scene.status(lost)).toBe('PAID');
    expect(await scene.status(authorized)).toBe('CANCELLED');
    // All of it went back to the buyer’s bank.
    expect(await scene.status(disputed)).toBe('REFUNDED');
    expect(await checkInvariants(world)).toEqual([]);
  });

  it('what a person had approved since is paid', async () => {
    const { world, url } = scene.running;
    const event = scene.shop.event({ venueId: world.cast.venues.nashville });
    const userId = newId();
    const known = { userId, confidence: 0.6, reason: 'sold forty tickets last year' };
    expect((await scene.admin.post('/admin/fraud/known-scalpers', known)).status).toBe(201);
    const buyer = await scene.shop.buyer(url, userId);
    const reviewed = idOf(await buyer.pay(PROCESS, orderOf(event, { quantity: 2 })));
    expect(await scene.status(reviewed)).toBe('IN_REVIEW');
    await scene.backup.take();
    const approve = `/admin/fraud/reviews/${reviewed}/approve`;
    expect((await scene.admin.pay(approve, {})).status).toBe(200);
    await scene.backup.restore();
    expect(await scene.status(reviewed)).toBe('IN_REVIEW');

    const { differences, run } = await scene.reconcile();
    expect(differences).toEqual([]);
    expect(run.figures.balances).toMatchObject([{ differenceCents: 0 }]);
    expect(await scene.status(reviewed)).toBe('PAID');
    expect(await scene.tickets(reviewed)).toEqual(['sold']);
    expect(await checkInvariants(world)).toEqual([]);
  });

  it('what is rebuilt counts towards its buyer’s limits again', async () => {
    const { world, url } = scene.running;
    const event = scene.shop.event();
    const settings = `/api/v1/events/${event.id}/settings`;
    const limits = JSON.stringify({ settings: { purchaseLimits: { perUser: 4 } } });
    expect((await scene.admin.send('PUT', settings, limits, {})).status).toBe(200);
    const buyer = await scene.shop.buyer(url);
    await scene.backup.take();
    const lost = idOf(await buyer.pay(PROCESS, orderOf(event, { quantity: 3 })));
    await scene.backup.restore();
    await scene.reconcilePlatform();
    expect(await scene.status(lost)).toBe('PAID');
    const more = await buyer.pay(PROCESS, orderOf(event, { quantity: 2 }));
    expect([more.status, more.body]).toMatchObject([
      403,
      { code: 'PURCHASE_LIMIT_EXCEEDED', limit: 'user', remaining: 1 },
    ]);
    const [counted] = await query(
      world,
      'SELECT stage, counted, kinds FROM purchase_limit_reservations WHERE payment_id = $1',
      [lost],
    );
    expect(counted).toEqual({ stage: 'confirmed', counted: 3, kinds: ['user', 'payment_method'] });
    expect(await checkInvariants(world)).toEqual([]);
  });

  it('a request that was repeated before the reconciliation has one effect, and the other money goes back', async () => {
    const event = scene.shop.event();
    const [buyer, key] = [await scene.shop.buyer(scene.running.url), newKey()];
    await scene.backup.take();
    const lost = idOf(await buyer.pay(PROCESS, orderOf(event), key));
    await scene.backup.restore();
    const later = idOf(await buyer.pay(PROCESS, orderOf(event), key));
    expect(later).not.toBe(lost);
    await scene.reconcile();
    await scene.work();
    expect([await scene.status(lost), await scene.status(later)]).toEqual(['REFUNDED', 'PAID']);
    expect((await scene.reconcile()).differences).toEqual([]);
    const again = await buyer.pay(PROCESS, orderOf(event), key);
    expect(idOf(again)).toBe(later);
    expect(await checkInvariants(scene.running.world)).toEqual([]);
  });
});

describe('row 48: a charge whose memo cannot be believed', () => {
  const lose = async () => {
    const event = scene.shop.event();
    await scene.backup.take();
    const id = idOf(await scene.order(event));
    await scene.backup.restore();
    const charge = scene.chargeOf(id);
    const intent = await scene.dashboard.paymentIntents.retrieve(charge.paymentIntent);
    const line = scene.truth.balanceTransactions.find(({ source }) => source === charge.id);
    return { id, intent, line };
  };

  it('is named with its cents, and nothing is rebuilt from it', async () => {
    const { id, intent, line } = await lose();
    const first = intent.metadata.sale_0 ?? '';
    const damaged = (first.startsWith('A') ? 'B' : 'A') + first.slice(1);
    const update = scene.dashboard.paymentIntents.update.bind(scene.dashboard.paymentIntents);
    await update(intent.id, { metadata: { sale_0: damaged } });
    const found = async () =>
      (await scene.reconcilePlatform()).differences.filter(
        ({ subjectId }) => subjectId === line?.id,
      );
    expect(await found()).toMatchObject([
      {
        cause: 'charge_without_payment',
        cents: (line?.amount ?? 0) - (line?.fee ?? 0),
        owner: 'finance',
        fix: null,
        details: { reference: intent.id },
      },
    ]);
    expect(await scene.status(id)).toBeUndefined();

    // Somebody has put it right; the line is read again, and the item closes itself.
    await update(intent.id, { metadata: { sale_0: first } });
    expect(await found()).toEqual([]);
    expect(await scene.status(id)).toBe('PAID');
    expect((await scene.reconcile()).differences).toEqual([]);
    expect(await checkInvariants(scene.running.world)).toEqual([]);
  });

  it('because it was copied to a charge for other money', async () => {
    const { id, intent } = await lose();
    await scene.reconcile();
    const kept = await traces(id);
    const forged = await scene.dashboard.paymentIntents.create({
      amount: 99,
      currency: 'usd',
      payment_method: CARDS.ok,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { ...intent.metadata, operation_id: id },
    });
    const { differences } = await scene.reconcilePlatform();
    expect(differences).toMatchObject([
      { cause: 'charge_without_payment', details: { reference: forged.id } },
    ]);
    expect(await traces(id)).toEqual(kept);
  });
});
