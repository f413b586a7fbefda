import { type Misbehaviour, NOTHING, ONCE } from './payment-provider-bench.js';
import { eventually, operation, type Scene } from './payment-provider-scene.js';

/** Charges and what the buyer has to do for them; each is made once. */
export function charging(scene: Scene): void {
  describe('charging', () => {
    it('takes the total once, and tells the reference and the method’s public facts', async () => {
      const paid = scene.sold();
      expect(await scene.provider.charge(paid)).toEqual({
        kind: 'succeeded',
        charge: {
          reference: expect.stringMatching(/./) as string,
          amountCents: 11_845,
          currency: 'USD',
          methodFingerprint: expect.stringMatching(/./) as string,
          cardBrand: 'visa',
          cardLast4: '4242',
        },
      });
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });

    it('again is the same charge with the same answer', async () => {
      const paid = scene.sold();
      const first = await scene.provider.charge(paid);
      expect(await scene.provider.charge(paid)).toEqual(first);
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });

    it('twice at once is one charge; whoever came second does not call it failed', async () => {
      const paid = scene.sold();
      const outcomes = await Promise.all([
        scene.provider.charge(paid),
        scene.provider.charge(paid),
      ]);
      for (const { kind } of outcomes) expect(['succeeded', 'unknown']).toContain(kind);
      expect(outcomes.map(({ kind }) => kind)).toContain('succeeded');
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });

    it('with a declined card fails with the reason, the same one whenever it is asked', async () => {
      const refused = scene.sold('declined');
      const outcome = await scene.provider.charge(refused);
      expect(outcome).toMatchObject({
        kind: 'failed',
        decline: {
          code: expect.stringMatching(/./) as string,
          message: expect.stringMatching(/./) as string,
        },
      });
      expect(await scene.provider.charge(refused)).toEqual(outcome);
      expect(scene.bench.effects(refused)).toEqual(NOTHING);
    });

    it('with a method that does not exist fails, and nothing is charged', async () => {
      const refused = scene.sold('ok', { paymentMethodId: 'pm_of_nobody' });
      expect(await scene.provider.charge(refused)).toMatchObject({
        kind: 'failed',
        reference: null,
      });
      expect(scene.bench.effects(refused)).toEqual(NOTHING);
    });
  });

  describe('the card behind a payment method', () => {
    it('has one fingerprint, the one that its charges tell', async () => {
      const paid = scene.sold();
      const outcome = await scene.provider.charge(paid);
      const found = await scene.provider.methodFingerprint(scene.bench.methods.ok);
      const fingerprint = found.kind === 'succeeded' ? found.fingerprint : found.kind;
      expect(fingerprint).toEqual(expect.stringMatching(/./));
      expect(outcome).toMatchObject({ charge: { methodFingerprint: fingerprint } });
      const other = await scene.provider.methodFingerprint(scene.bench.methods.declined);
      expect(other).toEqual({ kind: 'succeeded', fingerprint: expect.any(String) as string });
      expect(other).not.toEqual(found);
    });

    it('is nobody’s where there is no such method', async () => {
      const found = await scene.provider.methodFingerprint('pm_of_nobody');
      expect(found).toEqual({ kind: 'failed' });
    });

    it('is unknown where nobody can be asked, until somebody can', async () => {
      scene.bench.misbehave('refuses service', 'look-up');
      const ask = () => scene.provider.methodFingerprint(scene.bench.methods.action);
      expect(await ask()).toMatchObject({ kind: 'unknown' });
      scene.bench.behave();
      expect(await ask()).toMatchObject({ kind: 'succeeded' });
    });
  });

  describe('a buyer’s action', () => {
    it('is asked for where the sale demands it, whatever the card', async () => {
      const challenged = scene.sold('ok', { screening: 'challenge' });
      expect(await scene.provider.charge(challenged)).toMatchObject({ kind: 'requires_action' });
      expect(scene.bench.effects(challenged)).toEqual(NOTHING);
    });

    it('is asked for with a secret and a page, and nothing is charged meanwhile', async () => {
      const { held, reference } = await scene.waiting();
      expect(scene.bench.effects(held)).toEqual(NOTHING);
      expect(await scene.provider.find(held, reference)).toMatchObject({
        kind: 'requires_action',
        reference,
        action: { clientSecret: expect.stringMatching(/./) as string },
      });
    });

    it('completed is paid, once', async () => {
      const { held, reference, url } = await scene.waiting();
      await scene.bench.act(url, 'complete');
      expect(await scene.provider.find(held, reference)).toMatchObject({
        kind: 'succeeded',
        charge: { reference, amountCents: 11_845 },
      });
      expect(scene.bench.effects(held)).toEqual(ONCE);
    });

    it('failed is a failure that can be cancelled for good', async () => {
      const { held, reference, url } = await scene.waiting();
      await scene.bench.act(url, 'fail');
      expect(await scene.provider.find(held, reference)).toMatchObject({
        kind: 'failed',
        reference,
      });
      expect(
        await scene.provider.cancel(held, operation(held, reference), 'requested'),
      ).toMatchObject({
        kind: 'failed',
        reference,
      });
      expect(scene.bench.effects(held)).toEqual(NOTHING);
    });
  });

  describe('an outcome that nobody knows', () => {
    it.each<Misbehaviour>(['answers wrongly', 'hangs', 'cuts the connection', 'limits the rate'])(
      'the vendor %s: unknown, not failed; found by the same key, and charged once',
      async (how) => {
        const paid = scene.sold();
        scene.bench.misbehave(how);
        expect(await scene.provider.charge(paid)).toMatchObject({ kind: 'unknown' });
        scene.bench.behave();
        expect(await eventually(() => scene.provider.find(paid, null))).toMatchObject({
          kind: 'succeeded',
          charge: { amountCents: 11_845 },
        });
        expect(scene.bench.effects(paid)).toEqual(ONCE);
      },
    );

    it('that the key will never tell is found in the vendor’s list', async () => {
      const [other, paid] = [scene.sold(), scene.sold()];
      await scene.provider.charge(other);
      scene.bench.misbehave('forgets the key');
      expect(await scene.provider.charge(paid)).toMatchObject({ kind: 'unknown' });
      scene.bench.behave();
      expect(await scene.provider.find(paid, null)).toMatchObject({ kind: 'succeeded' });
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });

    it('of a charge that never arrived: it is made now, under its own key', async () => {
      const paid = scene.sold();
      scene.bench.misbehave('refuses service');
      expect(await scene.provider.charge(paid)).toMatchObject({ kind: 'unknown' });
      scene.bench.behave();
      expect(await scene.provider.find(paid, null)).toMatchObject({ kind: 'succeeded' });
      expect(scene.bench.effects(paid)).toEqual(ONCE);
    });

    it('older than the vendor keeps keys is looked up, never charged anew', async () => {
      const yesterday = scene.sold('ok', {}, new Date(Date.now() - 23.5 * 3_600_000));
      expect(await scene.provider.find(yesterday, null)).toMatchObject({ kind: 'unknown' });
      expect(scene.bench.effects(yesterday)).toEqual(NOTHING);
      await scene.provider.charge(yesterday);
      expect(await scene.provider.find(yesterday, null)).toMatchObject({ kind: 'succeeded' });
      expect(scene.bench.effects(yesterday)).toEqual(ONCE);
    });

    it('by a reference that nobody has: not told to be another payment’s', async () => {
      const paid = scene.sold();
      await scene.provider.charge(paid);
      expect((await scene.provider.find(scene.sold(), 'pi_of_nobody')).kind).not.toBe('succeeded');
    });
  });
}
