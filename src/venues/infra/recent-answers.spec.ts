import { RecentAnswers } from './recent-answers.js';

const TTL_MS = 1_000;

describe('RecentAnswers', () => {
  let asked = 0;
  const ask = () => Promise.resolve(`answer ${++asked}`);
  const keepAll = () => true;

  let now = 0;
  const ticking = () => new RecentAnswers<string>(10, TTL_MS, keepAll, () => now);

  beforeEach(() => {
    asked = 0;
    now = 1;
  });

  it('answers from memory, one memory a key, and asks again when told to', async () => {
    const recent = new RecentAnswers<string>(10, 60_000, keepAll);
    expect(await recent.get('a', ask)).toBe('answer 1');
    expect(await recent.get('a', ask)).toBe('answer 1');
    expect(await recent.get('b', ask)).toBe('answer 2');
    expect(await recent.get('a', ask, true)).toBe('answer 3');
    expect(await recent.get('a', ask)).toBe('answer 3');
  });

  it('asks once for callers who come together', async () => {
    const recent = new RecentAnswers<string>(10, 60_000, keepAll);
    const answers = await Promise.all([1, 2, 3].map(() => recent.get('a', ask)));
    expect(answers).toEqual(['answer 1', 'answer 1', 'answer 1']);
  });

  it('forgets after its time', async () => {
    const recent = ticking();
    await recent.get('a', ask);
    now += TTL_MS + 1;
    expect(await recent.get('a', ask)).toBe('answer 2');
  });

  it('renews near its end, once, while the old answer still serves', async () => {
    const recent = ticking();
    await recent.get('a', ask);
    now += 0.8 * TTL_MS;
    expect(await recent.get('a', ask)).toBe('answer 1');
    await recent.get('a', ask);
    await Promise.resolve();
    expect(await recent.get('a', ask)).toBe('answer 2');
    now += 0.7 * TTL_MS;
    expect(await recent.get('a', ask)).toBe('answer 2');
    expect(asked).toBe(2);
  });

  it('a renewal counts from when it was asked for', async () => {
    const recent = ticking();
    await recent.get('a', ask);
    now += 0.8 * TTL_MS;
    let arrive: (answer: string) => void = () => undefined;
    await recent.get('a', () => new Promise((resolve) => (arrive = resolve)));
    now += 0.1 * TTL_MS;
    arrive('late');
    await Promise.resolve();
    now += 0.91 * TTL_MS;
    expect(await recent.get('a', ask)).toBe('answer 2');
  });

  it('a failed renewal leaves the old answer to its end, and may be tried again', async () => {
    const recent = ticking();
    await recent.get('a', ask);
    now += 0.8 * TTL_MS;
    await recent.get('a', () => Promise.reject(new Error('down')));
    await new Promise(setImmediate);
    expect(await recent.get('a', ask)).toBe('answer 1');
    await new Promise(setImmediate);
    expect(await recent.get('a', ask)).toBe('answer 2');
    now += 2 * TTL_MS;
    await expect(recent.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow();
  });

  it('keeps neither failures nor what it shall not keep', async () => {
    const recent = new RecentAnswers<string>(10, 60_000, (answer) => answer !== 'answer 1');
    const failing = () => Promise.reject(new Error('down'));
    await expect(recent.get('a', failing)).rejects.toThrow('down');
    expect(await recent.get('a', ask)).toBe('answer 1');
    expect(await recent.get('a', ask)).toBe('answer 2');
  });

  it('a failing late question does not drop the fresh answer that replaced it', async () => {
    const recent = new RecentAnswers<string>(10, 60_000, keepAll);
    let fail: (error: Error) => void = () => undefined;
    const late = recent.get('a', () => new Promise((_, reject) => (fail = reject)));
    await recent.get('a', ask, true);
    fail(new Error('late'));
    await expect(late).rejects.toThrow('late');
    expect(await recent.get('a', ask)).toBe('answer 1');
  });

  it('keeps nothing when the time is zero', async () => {
    const recent = new RecentAnswers<string>(10, 0, keepAll);
    await recent.get('a', ask);
    expect(await recent.get('a', ask)).toBe('answer 2');
  });
});
