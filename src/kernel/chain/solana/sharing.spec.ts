import { sharing } from './sharing.js';

describe('a question that is shared', () => {
  it('is asked once for all who ask at the same time, and again afterwards', async () => {
    let asked = 0;
    const ask = sharing(() => Promise.resolve((asked += 1)));
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(2);
  });

  it('fails for all who asked it, and is asked again', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('here')];
    const ask = sharing(() => answers.shift() ?? Promise.resolve('too often'));
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask()).toBe('here');
  });
});
