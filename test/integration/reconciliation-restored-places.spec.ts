import { CARDS } from '../../src/sandbox/cards.js';
import { answerChallenge } from '../support/challenge.js';
import { checkInvariants } from '../support/invariants/index.js';
import { idOf, RestoredWorld } from './restored-world.js';

jest.setTimeout(60_000);

let scene: RestoredWorld;

beforeAll(async () => {
  scene = await RestoredWorld.open();
});
afterAll(() => scene.close());

describe('row 48: what the backup does not know and nobody has paid yet', () => {
  it('an authorization is rebuilt and can be captured; an open challenge ends as any other', async () => {
    const { world } = scene.running;
    const event = scene.shop.event();
    await scene.backup.take();
    const manual = { rest: { captureMethod: 'manual' } };
    const authorized = idOf(await scene.order(event, manual));
    const challenged = await scene.order(event, { card: CARDS.threeDSecure });
    const declined = await scene.order(event, { card: CARDS.declined });
    expect(declined.status).toBe(402);
    const { charges } = scene.truth;
    await scene.backup.restore();

    const report = await scene.reconcilePlatform();
    expect(report.run.figures).toMatchObject({ paymentsRebuilt: 2 });
    expect(await scene.status(authorized)).toBe('AUTHORIZED');
    expect(await scene.status(idOf(challenged))).toBe('REQUIRES_ACTION');
    const captured = await scene.admin.pay(
      `/api/v1/payments/transaction/${authorized}/capture`,
      {},
    );
    expect(captured.status).toBe(200);
    await answerChallenge(challenged, 'complete');
    await scene.work();
    expect(await scene.status(idOf(challenged))).toBe('PAID');
    expect((await scene.reconcile()).differences).toEqual([]);
    // The one of the challenge, and no other.
    expect(scene.truth.charges).toHaveLength(charges.length + 1);
    expect(await checkInvariants(world)).toEqual([]);
  });
});

describe('row 48: a seat that was sold again before the payment came back', () => {
  it('stays whose it is; the first buyer has the money back, all of it, by itself', async () => {
    const event = scene.shop.event({ seated: true });
    await scene.backup.take();
    const lost = idOf(await scene.order(event, { seats: ['A1', 'A2'] }));
    await scene.backup.restore();
    const later = idOf(await scene.order(event, { seats: ['A2'] }));
    await scene.reconcile();
    await scene.work();
    expect(await scene.status(later)).toBe('PAID');
    expect(await scene.status(lost)).toBe('REFUNDED');
    expect(await scene.tickets(lost)).not.toContain('sold');
    const { amount, amountRefunded } = scene.chargeOf(lost);
    expect(amountRefunded).toBe(amount);
    expect((await scene.reconcile()).differences).toEqual([]);
    expect(await checkInvariants(scene.running.world)).toEqual([]);
  });

  it('after it had been given back is the second buyer’s, whichever of the two the backup knows', async () => {
    const event = scene.shop.event({ seated: true });
    const kept = idOf(await scene.order(event, { seats: ['A1'] }));
    await scene.backup.take();
    const lost = idOf(await scene.order(event, { seats: ['A2'] }));
    for (const id of [kept, lost]) {
      const refund = await scene.admin.pay(`/api/v1/payments/transaction/${id}/refund`, {});
      expect(refund.status).toBe(200);
    }
    const [first, second] = [
      idOf(await scene.order(event, { seats: ['A1'] })),
      idOf(await scene.order(event, { seats: ['A2'] })),
    ];
    await scene.backup.restore();
    const { refunds } = scene.truth;
    expect((await scene.reconcile()).differences).toEqual([]);
    await scene.work();
    const found = await Promise.all([kept, lost, first, second].map((id) => scene.status(id)));
    expect(found.slice(0, 2)).not.toContain('PAID');
    expect(found.slice(2)).toEqual(['PAID', 'PAID']);
    expect(scene.truth.refunds).toHaveLength(refunds.length);
    expect(await checkInvariants(scene.running.world)).toEqual([]);
  });

  it('and was only authorized: the authorization is called off', async () => {
    const event = scene.shop.event({ seated: true });
    await scene.backup.take();
    const manual = { captureMethod: 'manual' };
    const lost = idOf(await scene.order(event, { seats: ['A1'], rest: manual }));
    await scene.backup.restore();
    const later = idOf(await scene.order(event, { seats: ['A1'] }));
    await scene.reconcilePlatform();
    expect([await scene.status(lost), await scene.status(later)]).toEqual(['EXPIRED', 'PAID']);
    const { paymentIntent } = scene.chargeOf(lost);
    const intent = await scene.dashboard.paymentIntents.retrieve(paymentIntent);
    expect(intent.status).toBe('canceled');
    expect(await checkInvariants(scene.running.world)).toEqual([]);
  });
});
