import Stripe from 'stripe';
import { isOutage, type Resilience, resilience } from './resilience.js';

const { errors } = Stripe;
const raw = { message: 'x', type: 'api_error' } as const;
const OUTAGE = new errors.StripeConnectionError(raw);

const fail = (guarded: Resilience, error: Error) =>
  guarded.policy.execute(() => Promise.reject(error)).catch((thrown: unknown) => thrown);

describe('an outage', () => {
  it.each([
    [new errors.StripeConnectionError(raw), true],
    [new errors.StripeAPIError({ ...raw, statusCode: 503 }), true],
    [new errors.StripeCardError({ message: 'No.', type: 'card_error' }), false],
    [new errors.StripeInvalidRequestError(raw), false],
    [new errors.StripeRateLimitError(raw), false],
    [new errors.StripeAuthenticationError(raw), false],
    [new TypeError('x'), false],
  ])('%s: %s', (error, expected) => {
    expect(isOutage(error)).toBe(expected);
  });
});

describe('the circuit breaker', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2025-01-12T18:00:00Z') });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function inOutage(): Promise<Resilience> {
    const guarded = resilience('stripe', 4);
    for (let i = 0; i < 40 && guarded.hasRoom(); i++) {
      await fail(guarded, OUTAGE);
      jest.advanceTimersByTime(100);
    }
    return guarded;
  }

  it('opens when the provider is in trouble, and then asks it nothing', async () => {
    const guarded = await inOutage();
    expect(guarded.hasRoom()).toBe(false);
    let asked = 0;
    const call = guarded.policy.execute(() => Promise.resolve((asked += 1)));
    await expect(call).rejects.toThrow('circuit');
    expect(asked).toBe(0);
  });

  it('does not open for the first few failures', async () => {
    const guarded = resilience('stripe', 4);
    for (let i = 0; i < 9; i++) await fail(guarded, OUTAGE);
    expect(guarded.hasRoom()).toBe(true);
    await fail(guarded, OUTAGE);
    expect(guarded.hasRoom()).toBe(false);
  });

  it('stays closed however many cards are declined', async () => {
    const guarded = resilience('stripe', 4);
    const declined = new errors.StripeCardError({ message: 'No.', type: 'card_error' });
    for (let i = 0; i < 100; i++) {
      expect(await fail(guarded, declined)).toBe(declined);
      jest.advanceTimersByTime(100);
    }
    expect(guarded.hasRoom()).toBe(true);
  });

  it('stays closed while most calls go well', async () => {
    const guarded = resilience('stripe', 4);
    for (let i = 0; i < 100; i++) {
      if (i % 3 === 0) await fail(guarded, OUTAGE);
      else await guarded.policy.execute(() => Promise.resolve());
      jest.advanceTimersByTime(100);
    }
    expect(guarded.hasRoom()).toBe(true);
  });

  it('probes after two seconds, and tells everyone when the provider answers again', async () => {
    const guarded = await inOutage();
    const told = jest.fn();
    guarded.onRecovery(told);
    jest.advanceTimersByTime(2_000);
    expect(guarded.hasRoom()).toBe(true);
    await expect(guarded.policy.execute(() => Promise.resolve('back'))).resolves.toBe('back');
    expect(guarded.hasRoom()).toBe(true);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('tells at the first success of a process too, and not of every success', async () => {
    const guarded = resilience('stripe', 4);
    const told = jest.fn();
    guarded.onRecovery(told);
    await fail(guarded, OUTAGE);
    expect(told).not.toHaveBeenCalled();
    for (let i = 0; i < 3; i++) await guarded.policy.execute(() => Promise.resolve());
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('lets a call through when its probe is due, and one only', async () => {
    const guarded = await inOutage();
    jest.advanceTimersByTime(1_800);
    expect(guarded.hasRoom()).toBe(false);
    jest.advanceTimersByTime(200);
    expect(guarded.hasRoom()).toBe(true);
    const probe = guarded.policy.execute(() => Promise.reject(OUTAGE));
    expect(guarded.hasRoom()).toBe(false);
    await expect(probe).rejects.toBe(OUTAGE);
    expect(guarded.hasRoom()).toBe(false);
  });

  it('is open again at once when the probe fails', async () => {
    const guarded = await inOutage();
    const told = jest.fn();
    guarded.onRecovery(told);
    jest.advanceTimersByTime(2_000);
    expect(await fail(guarded, OUTAGE)).toBe(OUTAGE);
    expect(guarded.hasRoom()).toBe(false);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('a call that we give up early', () => {
  const timeOut = new errors.StripeConnectionError({
    ...raw,
    detail: Object.assign(new TypeError('ETIMEDOUT'), { code: 'ETIMEDOUT' }),
  });
  const giveUp = (guarded: Resilience, error: Error = timeOut) =>
    guarded.impatiently(() => Promise.reject(error)).catch((thrown: unknown) => thrown);

  it('opens no breaker, however often; another outage does', async () => {
    const guarded = resilience('stripe', 4);
    for (let i = 0; i < 40; i++) expect(await giveUp(guarded)).toBeInstanceOf(Error);
    expect(guarded.hasRoom()).toBe(true);
    for (let i = 0; i < 40; i++) await giveUp(guarded, OUTAGE);
    expect(guarded.hasRoom()).toBe(false);
  });

  it('leaves a breaker open that is open already', async () => {
    jest.useFakeTimers({ now: new Date('2025-01-12T18:00:00Z') });
    const guarded = resilience('stripe', 4);
    for (let i = 0; i < 40; i++) await fail(guarded, OUTAGE);
    jest.advanceTimersByTime(2_000);
    expect(guarded.hasRoom()).toBe(true);
    expect(await giveUp(guarded)).toBe(timeOut);
    expect(guarded.hasRoom()).toBe(false);
    jest.useRealTimers();
  });

  it('that is answered closes it', async () => {
    const guarded = resilience('stripe', 4);
    await expect(guarded.impatiently(() => Promise.resolve('card'))).resolves.toBe('card');
    expect(guarded.hasRoom()).toBe(true);
  });
});

describe('the bulkhead', () => {
  it('lets so many calls through, as many wait, and refuses the rest', async () => {
    const guarded = resilience('stripe', 3);
    const ends: (() => void)[] = [];
    const call = () => guarded.policy.execute(() => new Promise<void>((end) => ends.push(end)));
    const running = Array.from({ length: 6 }, call);
    expect(ends).toHaveLength(3);
    expect(guarded.hasRoom()).toBe(false);
    await expect(call()).rejects.toThrow(/bulkhead/i);
    for (let ended = 0; ended < 6; ended++) {
      ends[ended]?.();
      await running[ended];
      await Promise.resolve();
    }
    await expect(Promise.all(running)).resolves.toHaveLength(6);
    expect(guarded.hasRoom()).toBe(true);
  });
});
