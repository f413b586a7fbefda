import { NOTHING, ONCE } from './payment-provider-bench.js';
import { eventually, operation, type Scene } from './payment-provider-scene.js';

/** Authorizations, their captures, cancellations, and a vendor that is down. */
export function holding(scene: Scene): void {
  describe('authorizing first', () => {
    it('holds the total and takes nothing', async () => {
      const { held, reference } = await scene.authorized();
      expect(scene.bench.effects(held)).toEqual({ charges: 1, captured: 0 });
      expect(await scene.provider.find(held, reference)).toMatchObject({
        kind: 'authorized',
        charge: { amountCents: 11_845 },
      });
    });

    it.each([11_845, 5_000])('captures %i cents, once', async (cents) => {
      const { held, reference } = await scene.authorized();
      const captured = await scene.provider.capture(held, {
        ...operation(held, reference),
        amountCents: cents,
      });
      expect(captured).toMatchObject({
        kind: 'succeeded',
        charge: { reference, amountCents: cents },
      });
      expect(
        await scene.provider.capture(held, { ...operation(held, reference), amountCents: cents }),
      ).toEqual(captured);
      expect(scene.bench.effects(held)).toEqual({ charges: 1, captured: cents });
    });

    it('lets go of it when cancelled; then there is nothing to capture', async () => {
      const { held, reference } = await scene.authorized();
      expect(await scene.provider.cancel(held, operation(held, reference), 'requested')).toEqual({
        kind: 'cancelled',
        reference,
        expired: false,
      });
      expect(await scene.provider.cancel(held, operation(held, reference), 'requested')).toEqual({
        kind: 'cancelled',
        reference,
        expired: false,
      });
      expect(
        (await scene.provider.capture(held, { ...operation(held, reference), amountCents: 11_845 }))
          .kind,
      ).not.toBe('succeeded');
      expect(scene.bench.effects(held).captured).toBe(0);
    });
  });

  describe('to whose key the vendor answers an error for ever', () => {
    it('a capture is told from what it has done', async () => {
      const { held, reference } = await scene.authorized();
      scene.bench.misbehave('forgets the key', 'capture');
      const wish = { ...operation(held, reference), amountCents: 5_000 };
      expect(await scene.provider.capture(held, wish)).toMatchObject({
        kind: 'succeeded',
        charge: { reference, amountCents: 5_000 },
      });
      expect(scene.bench.effects(held)).toEqual({ charges: 1, captured: 5_000 });
    });

    it('a cancellation is told from what it has done', async () => {
      const { held, reference } = await scene.authorized();
      scene.bench.misbehave('forgets the key', 'cancel');
      const cancelled = await scene.provider.cancel(held, operation(held, reference), 'requested');
      expect(cancelled).toEqual({ kind: 'cancelled', reference, expired: false });
    });

    it('the cancellation of what the buyer failed is told from what it has done', async () => {
      const { held, reference, url } = await scene.waiting();
      await scene.bench.act(url, 'fail');
      scene.bench.misbehave('forgets the key', 'cancel');
      const cancelled = await scene.provider.cancel(held, operation(held, reference), 'requested');
      expect(cancelled).toMatchObject({ kind: 'failed', reference });
    });

    it('and one that was not done stays unknown', async () => {
      const { held, reference, url } = await scene.waiting();
      await scene.bench.act(url, 'fail');
      scene.bench.misbehave('refuses service', 'cancel');
      const cancelled = await scene.provider.cancel(held, operation(held, reference), 'requested');
      expect(cancelled.kind).toBe('unknown');
    });
  });

  describe('a vendor that refuses service', () => {
    it('leaves a capture and a cancellation unknown, and nothing done', async () => {
      const { held, reference } = await scene.authorized();
      scene.bench.misbehave('refuses service', 'capture');
      const wish = { ...operation(held, reference), amountCents: 5_000 };
      expect((await scene.provider.capture(held, wish)).kind).toBe('unknown');
      scene.bench.misbehave('refuses service', 'cancel');
      const cancelled = await scene.provider.cancel(held, operation(held, reference), 'requested');
      expect(cancelled.kind).toBe('unknown');
      expect(scene.bench.effects(held)).toEqual({ charges: 1, captured: 0 });
    });
  });

  describe('cancelling', () => {
    it('what waits for the buyer ends it', async () => {
      const { held, reference } = await scene.waiting();
      expect(await scene.provider.cancel(held, operation(held, reference), 'requested')).toEqual({
        kind: 'cancelled',
        reference,
        expired: false,
      });
      expect(scene.bench.effects(held)).toEqual(NOTHING);
    });

    it('what has gone through answers that it has', async () => {
      const paid = scene.sold();
      const outcome = await scene.provider.charge(paid);
      if (outcome.kind !== 'succeeded') throw new Error(outcome.kind);
      const cancelled = await scene.provider.cancel(
        paid,
        operation(paid, outcome.charge.reference),
        'requested',
      );
      expect(cancelled).toEqual(outcome);
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });
  });

  describe('a vendor that is down', () => {
    it('is left alone after a while, and everyone hears when it is back', async () => {
      let recovered = 0;
      scene.provider.onRecovery(() => (recovered += 1));
      expect(scene.provider.available()).toBe(true);
      scene.bench.misbehave('refuses service', 'charge', true);
      for (let i = 0; i < 100 && scene.provider.available(); i++)
        await scene.provider.charge(scene.sold());
      expect(scene.provider.available()).toBe(false);
      scene.bench.behave();
      const paid = scene.sold();
      expect(await scene.provider.charge(paid)).toMatchObject({ kind: 'unknown' });
      expect(scene.bench.effects(paid)).toEqual(NOTHING);
      expect(recovered).toBe(0);
      expect(await eventually(() => scene.provider.find(paid, null))).toMatchObject({
        kind: 'succeeded',
      });
      expect(scene.provider.available()).toBe(true);
      expect(recovered).toBe(1);
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });
  });
}
