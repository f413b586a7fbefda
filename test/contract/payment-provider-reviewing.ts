import type { Misbehaviour } from './payment-provider-bench.js';
import { giveBack, type Scene } from './payment-provider-scene.js';

/** What the provider holds about a charge, whoever brought it about. */
export function reviewing(scene: Scene): void {
  describe('a review', () => {
    it('of a charge to which nothing happened is empty', async () => {
      const { reference } = await scene.paid();
      expect(await scene.provider.review(reference)).toEqual({ refunds: [], disputes: [] });
    });

    it('lists every refund, also one that we never asked for, the oldest first', async () => {
      const { paid, reference } = await scene.paid();
      const other = await scene.paid();
      await scene.provider.refund(other.paid, giveBack(other.reference, 1));
      const [first, last] = [giveBack(reference, 1_000), giveBack(reference, 3_000)];
      await scene.provider.refund(paid, first);
      const elsewhere = await scene.bench.refundElsewhere(paid, 2_000);
      await scene.provider.refund(paid, last);
      const record = await scene.provider.review(reference);
      expect(record?.refunds).toMatchObject([
        { refundId: first.refundId, amountCents: 1_000, currency: 'USD' },
        { refundId: null, amountCents: 2_000, reference: elsewhere },
        { refundId: last.refundId, amountCents: 3_000, outcome: { kind: 'succeeded' } },
      ]);
    });

    it('tells how each refund stands now', async () => {
      const { paid, reference } = await scene.paid('failingRefund');
      await scene.provider.refund(paid, giveBack(reference, 1_000));
      const kinds = async () =>
        (await scene.provider.review(reference))?.refunds.map(({ outcome }) => outcome.kind);
      expect(await kinds()).toEqual(['succeeded']);
      scene.bench.daysPass();
      expect(await kinds()).toEqual(['failed']);
    });

    it('lists the disputes of this charge, the oldest first', async () => {
      const { paid, reference } = await scene.paid();
      const other = await scene.paid();
      const first = scene.bench.dispute(paid, 4_000);
      scene.bench.dispute(other.paid, 500);
      const second = scene.bench.dispute(paid, 1_000);
      expect(await scene.provider.review(reference)).toMatchObject({
        refunds: [],
        disputes: [
          {
            reference: first,
            amountCents: 4_000,
            currency: 'USD',
            status: 'needs_response',
            submissions: 0,
            submittedBy: null,
          },
          { reference: second, amountCents: 1_000 },
        ],
      });
    });

    it.each<Misbehaviour>(['refuses service', 'hangs', 'cuts the connection', 'limits the rate'])(
      'of a vendor that %s is none, and no empty one',
      async (how) => {
        const { paid, reference } = await scene.paid();
        await scene.provider.refund(paid, giveBack(reference, 1_000));
        scene.bench.misbehave(how, 'look-up', true);
        expect(await scene.provider.review(reference)).toBeNull();
        scene.bench.behave();
        expect((await scene.provider.review(reference))?.refunds).toHaveLength(1);
      },
    );
  });
}
