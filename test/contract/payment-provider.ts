import type { PaymentProvider } from '../../src/payments/infra/payment-provider.js';
import type { Sale } from '../../src/payments/domain/sale.js';
import { sale } from '../builders/sale.js';

/** How the vendor's side misbehaves with the next request that asks for money, and for how long. */
export type Misbehaviour =
  /** It charges, but the answer is an error; asked again under the key it tells the truth. */
  | 'answers wrongly'
  /** It charges, but answers an error under this key for ever. */
  | 'forgets the key'
  /** It does nothing and answers an error. */
  | 'refuses service'
  /** It charges, but never answers in time. */
  | 'hangs'
  /** It charges, and the connection is cut. */
  | 'cuts the connection'
  | 'limits the rate';

/** A provider under test with the vendor's side of it in our hands. */
export interface ProviderBench {
  readonly provider: PaymentProvider;
  /** Payment methods by what they do. */
  readonly methods: { readonly ok: string; readonly declined: string; readonly action: string };
  /** What really happened to the operation, as the vendor's books have it; cents. */
  effects(sale: Sale): { readonly charges: number; readonly captured: number };
  /** With the next request (or all, until `behave`). */
  misbehave(how: Misbehaviour, always?: boolean): void;
  behave(): void;
  /** The buyer acts on the page of a `requires_action`. */
  act(url: string, how: 'complete' | 'fail'): Promise<void>;
  close(): Promise<void>;
}

/** What every payment provider must keep to; `start` gives each test a vendor without history. */
export function keepsTheContract(name: string, start: () => Promise<ProviderBench>): void {
  describe(`${name} as a payment provider`, () => {
    let bench: ProviderBench;
    let provider: PaymentProvider;

    beforeEach(async () => {
      bench = await start();
      provider = bench.provider;
    });
    afterEach(() => bench.close());

    const sold = (method: keyof ProviderBench['methods'] = 'ok', over = {}, began = new Date()) =>
      sale({
        startedAt: began.toISOString(),
        charge: { paymentMethodId: bench.methods[method], ...over },
      });
    const manual = () => sold('ok', { capture: 'manual' });
    const NOTHING = { charges: 0, captured: 0 };
    const ONCE = { charges: 1, captured: 11_845 };

    async function authorized(): Promise<{ held: Sale; reference: string }> {
      const held = manual();
      const outcome = await provider.charge(held);
      if (outcome.kind !== 'authorized') throw new Error(`not authorized: ${outcome.kind}`);
      return { held, reference: outcome.charge.reference };
    }

    async function waiting(): Promise<{ held: Sale; reference: string; url: string }> {
      const held = sold('action');
      const outcome = await provider.charge(held);
      if (outcome.kind !== 'requires_action') throw new Error(`no action: ${outcome.kind}`);
      return { held, reference: outcome.reference, url: outcome.action.url ?? '' };
    }

    describe('charging', () => {
      it('takes the total once, and tells the reference and the method’s public facts', async () => {
        const paid = sold();
        expect(await provider.charge(paid)).toEqual({
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
        expect(bench.effects(paid)).toEqual(ONCE);
      });

      it('again is the same charge with the same answer', async () => {
        const paid = sold();
        const first = await provider.charge(paid);
        expect(await provider.charge(paid)).toEqual(first);
        expect(bench.effects(paid)).toEqual(ONCE);
      });

      it('twice at once is one charge; whoever came second does not call it failed', async () => {
        const paid = sold();
        const outcomes = await Promise.all([provider.charge(paid), provider.charge(paid)]);
        for (const { kind } of outcomes) expect(['succeeded', 'unknown']).toContain(kind);
        expect(outcomes.map(({ kind }) => kind)).toContain('succeeded');
        expect(bench.effects(paid)).toEqual(ONCE);
      });

      it('with a declined card fails with the reason, the same one whenever it is asked', async () => {
        const refused = sold('declined');
        const outcome = await provider.charge(refused);
        expect(outcome).toMatchObject({
          kind: 'failed',
          decline: {
            code: expect.stringMatching(/./) as string,
            message: expect.stringMatching(/./) as string,
          },
        });
        expect(await provider.charge(refused)).toEqual(outcome);
        expect(bench.effects(refused)).toEqual(NOTHING);
      });

      it('with a method that does not exist fails, and nothing is charged', async () => {
        const refused = sold('ok', { paymentMethodId: 'pm_of_nobody' });
        expect(await provider.charge(refused)).toMatchObject({ kind: 'failed', reference: null });
        expect(bench.effects(refused)).toEqual(NOTHING);
      });
    });

    describe('a buyer’s action', () => {
      it('is asked for with a secret and a page, and nothing is charged meanwhile', async () => {
        const { held, reference } = await waiting();
        expect(bench.effects(held)).toEqual(NOTHING);
        expect(await provider.find(held, reference)).toMatchObject({
          kind: 'requires_action',
          reference,
          action: { clientSecret: expect.stringMatching(/./) as string },
        });
      });

      it('completed is paid, once', async () => {
        const { held, reference, url } = await waiting();
        await bench.act(url, 'complete');
        expect(await provider.find(held, reference)).toMatchObject({
          kind: 'succeeded',
          charge: { reference, amountCents: 11_845 },
        });
        expect(bench.effects(held)).toEqual(ONCE);
      });

      it('failed is a failure that can be cancelled for good', async () => {
        const { held, reference, url } = await waiting();
        await bench.act(url, 'fail');
        expect(await provider.find(held, reference)).toMatchObject({ kind: 'failed', reference });
        expect(await provider.cancel(held, reference)).toEqual({ kind: 'cancelled', reference });
        expect(bench.effects(held)).toEqual(NOTHING);
      });
    });

    describe('an outcome that nobody knows', () => {
      it.each<Misbehaviour>(['answers wrongly', 'hangs', 'cuts the connection', 'limits the rate'])(
        'the vendor %s: unknown, not failed; found by the same key, and charged once',
        async (how) => {
          const paid = sold();
          bench.misbehave(how);
          expect(await provider.charge(paid)).toMatchObject({ kind: 'unknown' });
          bench.behave();
          expect(await eventually(() => provider.find(paid, null))).toMatchObject({
            kind: 'succeeded',
            charge: { amountCents: 11_845 },
          });
          expect(bench.effects(paid)).toEqual(ONCE);
        },
      );

      it('that the key will never tell is found in the vendor’s list', async () => {
        const [other, paid] = [sold(), sold()];
        await provider.charge(other);
        bench.misbehave('forgets the key');
        expect(await provider.charge(paid)).toMatchObject({ kind: 'unknown' });
        bench.behave();
        expect(await provider.find(paid, null)).toMatchObject({ kind: 'succeeded' });
        expect(bench.effects(paid)).toEqual(ONCE);
      });

      it('of a charge that never arrived: it is made now, under its own key', async () => {
        const paid = sold();
        bench.misbehave('refuses service');
        expect(await provider.charge(paid)).toMatchObject({ kind: 'unknown' });
        bench.behave();
        expect(await provider.find(paid, null)).toMatchObject({ kind: 'succeeded' });
        expect(bench.effects(paid)).toEqual(ONCE);
      });

      it('older than the vendor keeps keys is looked up, never charged anew', async () => {
        const yesterday = sold('ok', {}, new Date(Date.now() - 23.5 * 3_600_000));
        expect(await provider.find(yesterday, null)).toMatchObject({ kind: 'unknown' });
        expect(bench.effects(yesterday)).toEqual(NOTHING);
        await provider.charge(yesterday);
        expect(await provider.find(yesterday, null)).toMatchObject({ kind: 'succeeded' });
        expect(bench.effects(yesterday)).toEqual(ONCE);
      });

      it('by a reference that nobody has: not told to be another payment’s', async () => {
        const paid = sold();
        await provider.charge(paid);
        expect((await provider.find(sold(), 'pi_of_nobody')).kind).not.toBe('succeeded');
      });
    });

    describe('authorizing first', () => {
      it('holds the total and takes nothing', async () => {
        const { held, reference } = await authorized();
        expect(bench.effects(held)).toEqual({ charges: 1, captured: 0 });
        expect(await provider.find(held, reference)).toMatchObject({
          kind: 'authorized',
          charge: { amountCents: 11_845 },
        });
      });

      it.each([11_845, 5_000])('captures %i cents, once', async (cents) => {
        const { held, reference } = await authorized();
        const captured = await provider.capture(held, reference, cents);
        expect(captured).toMatchObject({
          kind: 'succeeded',
          charge: { reference, amountCents: cents },
        });
        expect(await provider.capture(held, reference, cents)).toEqual(captured);
        expect(bench.effects(held)).toEqual({ charges: 1, captured: cents });
      });

      it('lets go of it when cancelled; then there is nothing to capture', async () => {
        const { held, reference } = await authorized();
        expect(await provider.cancel(held, reference)).toEqual({ kind: 'cancelled', reference });
        expect(await provider.cancel(held, reference)).toEqual({ kind: 'cancelled', reference });
        expect((await provider.capture(held, reference, 11_845)).kind).not.toBe('succeeded');
        expect(bench.effects(held).captured).toBe(0);
      });
    });

    describe('cancelling', () => {
      it('what waits for the buyer ends it', async () => {
        const { held, reference } = await waiting();
        expect(await provider.cancel(held, reference)).toEqual({ kind: 'cancelled', reference });
        expect(bench.effects(held)).toEqual(NOTHING);
      });

      it('what has gone through answers that it has', async () => {
        const paid = sold();
        const outcome = await provider.charge(paid);
        if (outcome.kind !== 'succeeded') throw new Error(outcome.kind);
        const cancelled = await provider.cancel(paid, outcome.charge.reference);
        expect(cancelled).toEqual(outcome);
        expect(bench.effects(paid)).toEqual(ONCE);
      });
    });

    describe('a vendor that is down', () => {
      it('is left alone after a while, and everyone hears when it is back', async () => {
        let recovered = 0;
        provider.onRecovery(() => (recovered += 1));
        expect(provider.available()).toBe(true);
        bench.misbehave('refuses service', true);
        for (let i = 0; i < 100 && provider.available(); i++) await provider.charge(sold());
        expect(provider.available()).toBe(false);
        bench.behave();
        const paid = sold();
        expect(await provider.charge(paid)).toMatchObject({ kind: 'unknown' });
        expect(bench.effects(paid)).toEqual(NOTHING);
        expect(recovered).toBe(0);
        expect(await eventually(() => provider.find(paid, null))).toMatchObject({
          kind: 'succeeded',
        });
        expect(provider.available()).toBe(true);
        expect(recovered).toBe(1);
        expect(bench.effects(paid)).toEqual(ONCE);
      });
    });
  });
}

/** Asks until the outcome is known; fails when it is not within ten seconds. */
async function eventually<T extends { readonly kind: string }>(ask: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const outcome = await ask();
    if (outcome.kind !== 'unknown') return outcome;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nobody knows, still');
}
