import Stripe from 'stripe';
import type { CardFound } from '../payment-provider.js';
import { cardOf, cardOfError, MethodFingerprints } from './method-fingerprints.js';
import { resilience } from './resilience.js';

const method = (card: object | undefined) => cardOf({ card } as Stripe.PaymentMethod);

/** Answers in turn; what it was asked for is counted. */
function asked(...answers: CardFound[]) {
  const ask = jest.fn((id: string) =>
    Promise.resolve(answers.shift() ?? { kind: 'unknown' as const, reason: id }),
  );
  return { ask, fingerprints: new MethodFingerprints(ask) };
}

it.each([
  ['a card', { fingerprint: 'Xt5E' }, 'Xt5E'],
  ['a card without one', {}, null],
  ['no card', undefined, null],
])('the fingerprint of %s', (_, card, fingerprint) => {
  expect(method(card)).toEqual({ kind: 'succeeded', fingerprint });
});

describe('who was told', () => {
  it.each(['Xt5E', null])(
    'is not told again (%p), nor beside somebody else',
    async (fingerprint) => {
      const card = { kind: 'succeeded', fingerprint } as const;
      const { ask, fingerprints } = asked(card);
      expect(await Promise.all([fingerprints.of('pm_1'), fingerprints.of('pm_1')])).toEqual([
        card,
        card,
      ]);
      expect(await fingerprints.of('pm_1')).toEqual(card);
      expect(ask).toHaveBeenCalledTimes(1);
    },
  );

  it.each<CardFound>([
    { kind: 'unknown', reason: 'GivenUp' },
    { kind: 'not_asked' },
    { kind: 'failed' },
  ])('nothing (%j) asks again', async (nothing) => {
    const card = { kind: 'succeeded', fingerprint: 'Xt5E' } as const;
    const { fingerprints } = asked(nothing, card);
    expect(await fingerprints.of('pm_1')).toEqual(nothing);
    expect(await fingerprints.of('pm_1')).toEqual(card);
  });
});

describe('a call that did not go well', () => {
  const raw = { message: 'x', type: 'api_error' } as const;

  it.each([
    ['a method that is unknown', new Stripe.errors.StripeInvalidRequestError(raw), 'failed'],
    ['an outage', new Stripe.errors.StripeConnectionError(raw), 'unknown'],
    ['a rate limit', new Stripe.errors.StripeRateLimitError(raw), 'unknown'],
    ['a key that is none', new Stripe.errors.StripeAuthenticationError(raw), 'unknown'],
  ])('%s', (_, error, kind) => {
    expect(cardOfError(error)).toMatchObject({ kind });
  });

  it('because there is no room for it was not made', async () => {
    const guarded = resilience('stripe', 1);
    const ends: (() => void)[] = [];
    const call = () => guarded.impatiently(() => new Promise<void>((end) => ends.push(end)));
    const running = [call(), call()];
    expect(await call().catch(cardOfError)).toEqual({ kind: 'not_asked' });
    for (const each of running) {
      ends.shift()?.();
      await each;
    }
  });

  it('because the provider is away was not made', async () => {
    const guarded = resilience('stripe', 1);
    const outage = new Stripe.errors.StripeConnectionError(raw);
    for (let i = 0; i < 40; i++)
      await guarded.policy.execute(() => Promise.reject(outage)).catch(Boolean);
    expect(await guarded.impatiently(() => Promise.resolve()).catch(cardOfError)).toEqual({
      kind: 'not_asked',
    });
  });
});
