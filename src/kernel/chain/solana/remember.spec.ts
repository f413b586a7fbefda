import { remembering } from './remember.js';

describe('what is remembered', () => {
  it('is asked for once while it is new', async () => {
    let asked = 0;
    const ask = remembering(60_000, () => Promise.resolve((asked += 1)));
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
  });

  it('is asked for again when it is old', async () => {
    let asked = 0;
    const ask = remembering(0, () => Promise.resolve((asked += 1)));
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('is asked for again when there was no answer', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('here')];
    const ask = remembering(60_000, () => answers.shift() ?? Promise.resolve('too often'));
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe('here');
    expect(await ask()).toBe('here');
  });
});
