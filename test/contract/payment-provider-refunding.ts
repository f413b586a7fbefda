import type { Misbehaviour } from './payment-provider-bench.js';
import { eventually, giveBack, type Scene } from './payment-provider-scene.js';

const TOTAL = 11_845;
const HOUR_MS = 3_600_000;
const known = expect.stringMatching(/./) as string;

/** Money that goes back: once, never more than there is, and never given up for lost. */
export function refunding(scene: Scene): void {
  describe('paying back', () => {
    it('gives back the whole, once, under one key', async () => {
      const { paid, reference } = await scene.paid();
      const all = giveBack(reference, TOTAL);
      const first = await scene.provider.refund(paid, all);
      expect(first).toEqual({ kind: 'succeeded', reference: known });
      expect(await scene.provider.refund(paid, all)).toEqual(first);
      expect(await scene.provider.findRefund(paid, all, null)).toEqual(first);
      expect(scene.bench.paidBack(paid)).toEqual([TOTAL]);
    });

    it('twice at once is one refund; whoever came second does not call it failed', async () => {
      const { paid, reference } = await scene.paid();
      const asked = giveBack(reference, 1_000);
      const outcomes = await Promise.all([
        scene.provider.refund(paid, asked),
        scene.provider.refund(paid, asked),
      ]);
      for (const { kind } of outcomes) expect(['succeeded', 'unknown']).toContain(kind);
      expect(outcomes.map(({ kind }) => kind)).toContain('succeeded');
      expect(scene.bench.paidBack(paid)).toEqual([1_000]);
    });

    it('part by part, each under a key of its own, until nothing is left', async () => {
      const { paid, reference } = await scene.paid();
      for (const cents of [1_000, 1_000, TOTAL - 2_000]) {
        const outcome = await scene.provider.refund(paid, giveBack(reference, cents));
        expect(outcome.kind).toBe('succeeded');
      }
      expect(scene.bench.paidBack(paid)).toEqual([1_000, 1_000, TOTAL - 2_000]);
      expect(await scene.provider.refund(paid, giveBack(reference, 1))).toMatchObject({
        kind: 'failed',
        reference: null,
      });
    });

    it('more than is left fails and gives nothing; what is left still can', async () => {
      const { paid, reference } = await scene.paid();
      await scene.provider.refund(paid, giveBack(reference, 10_000));
      const more = giveBack(reference, 1_846);
      const failed = { kind: 'failed', reference: null, reason: known };
      expect(await scene.provider.refund(paid, more)).toEqual(failed);
      expect(await scene.provider.findRefund(paid, more, null)).toEqual(failed);
      expect(scene.bench.paidBack(paid)).toEqual([10_000]);
      const rest = await scene.provider.refund(paid, giveBack(reference, 1_845));
      expect(rest.kind).toBe('succeeded');
    });

    it('what is only authorized fails, and stays held', async () => {
      const { held, reference } = await scene.authorized();
      expect(await scene.provider.refund(held, giveBack(reference, 1_000))).toMatchObject({
        kind: 'failed',
        reference: null,
      });
      expect(scene.bench.paidBack(held)).toEqual([]);
      expect(await scene.provider.find(held, reference)).toMatchObject({ kind: 'authorized' });
    });

    it('to a method that takes its time is pending, until the bank is through', async () => {
      const { paid, reference } = await scene.paid('pendingRefund');
      const asked = giveBack(reference, 1_000);
      const outcome = await scene.provider.refund(paid, asked);
      if (outcome.kind !== 'pending') throw new Error(outcome.kind);
      const find = (by: string | null) => scene.provider.findRefund(paid, asked, by);
      expect(await find(outcome.reference)).toEqual(outcome);
      expect(await find(null)).toEqual(outcome);
      scene.bench.daysPass();
      const done = { kind: 'succeeded', reference: outcome.reference };
      expect(await find(outcome.reference)).toEqual(done);
      // A key repeats its first answer, which is out of date by now.
      expect(await find(null)).toEqual(done);
      expect(scene.bench.paidBack(paid)).toEqual([1_000]);
    });

    it('that the bank returns later is a failure then, with its reason', async () => {
      const { paid, reference } = await scene.paid('failingRefund');
      const asked = giveBack(reference, 1_000);
      const outcome = await scene.provider.refund(paid, asked);
      if (outcome.kind !== 'succeeded') throw new Error(outcome.kind);
      scene.bench.daysPass();
      const failed = { kind: 'failed', reference: outcome.reference, reason: known };
      expect(await scene.provider.findRefund(paid, asked, outcome.reference)).toEqual(failed);
      expect(await scene.provider.findRefund(paid, asked, null)).toEqual(failed);
      expect(scene.bench.paidBack(paid)).toEqual([]);
    });
  });

  describe('a refund of which nobody knows', () => {
    it.each<Misbehaviour>([
      'answers wrongly',
      'forgets the key',
      'refuses service',
      'hangs',
      'cuts the connection',
      'limits the rate',
    ])('the vendor %s: unknown, not failed; then found, and paid once', async (how) => {
      const { paid, reference } = await scene.paid();
      const asked = giveBack(reference, 1_000);
      scene.bench.misbehave(how, 'refund');
      expect(await scene.provider.refund(paid, asked)).toMatchObject({ kind: 'unknown' });
      scene.bench.behave();
      const found = await eventually(() => scene.provider.findRefund(paid, asked, null));
      expect(found).toEqual({ kind: 'succeeded', reference: known });
      expect(await scene.provider.findRefund(paid, asked, null)).toEqual(found);
      expect(scene.bench.paidBack(paid)).toEqual([1_000]);
    });

    it('is found by our own id, though its key answers an error for ever', async () => {
      const { paid, reference } = await scene.paid();
      const asked = giveBack(reference, 1_000);
      // Another of the same amount must not be taken for it.
      const other = await scene.provider.refund(paid, giveBack(reference, 1_000));
      scene.bench.misbehave('forgets the key', 'refund');
      await scene.provider.refund(paid, asked);
      scene.bench.behave();
      expect(await scene.provider.refund(paid, asked)).toMatchObject({ kind: 'unknown' });
      const found = await scene.provider.findRefund(paid, asked, null);
      if (found.kind !== 'succeeded' || other.kind !== 'succeeded') throw new Error(found.kind);
      expect(found.reference).not.toBe(other.reference);
      expect(scene.bench.paidBack(paid)).toEqual([1_000, 1_000]);
    });

    it('older than the vendor keeps keys is looked up, never paid anew', async () => {
      const { paid, reference } = await scene.paid();
      const yesterday = giveBack(reference, 1_000, new Date(Date.now() - 23.5 * HOUR_MS));
      const find = () => scene.provider.findRefund(paid, yesterday, null);
      expect(await find()).toMatchObject({ kind: 'unknown' });
      expect(scene.bench.paidBack(paid)).toEqual([]);
      await scene.provider.refund(paid, yesterday);
      expect(await find()).toMatchObject({ kind: 'succeeded' });
      expect(scene.bench.paidBack(paid)).toEqual([1_000]);
    });

    it('of a vendor that cannot be looked into is not paid on suspicion', async () => {
      const { paid, reference } = await scene.paid();
      const asked = giveBack(reference, 1_000);
      await scene.provider.refund(paid, asked);
      scene.bench.misbehave('refuses service', 'look-up', true);
      for (const by of [null, 're_of_nobody']) {
        expect(await scene.provider.findRefund(paid, asked, by)).toMatchObject({ kind: 'unknown' });
      }
      const never = giveBack(reference, 2_000);
      expect(await scene.provider.findRefund(paid, never, null)).toMatchObject({ kind: 'unknown' });
      expect(scene.bench.paidBack(paid)).toEqual([1_000]);
    });

    it('by a reference that nobody has is unknown, not failed', async () => {
      const { paid, reference } = await scene.paid();
      const asked = giveBack(reference, 1_000);
      expect(await scene.provider.findRefund(paid, asked, 're_of_nobody')).toMatchObject({
        kind: 'unknown',
      });
      expect(scene.bench.paidBack(paid)).toEqual([]);
    });
  });
}
