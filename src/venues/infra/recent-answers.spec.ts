import { setTimeout as sleep } from 'node:timers/promises';
import { RecentAnswers } from './recent-answers.js';

const TTL_MS = 40;

describe('RecentAnswers', () => {
  let asked = 0;
  const ask = () => Promise.resolve(`answer ${++asked}`);
  const keepAll = () => true;

  beforeEach(() => {
    asked = 0;
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
    const recent = new RecentAnswers<string>(10, TTL_MS, keepAll);
    await recent.get('a', ask);
    await sleep(2 * TTL_MS);
    expect(await recent.get('a', ask)).toBe('answer 2');
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
