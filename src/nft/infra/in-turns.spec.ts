import { inTurns } from './in-turns.js';

describe('work in turns', () => {
  it('does each item once, never more at once than allowed', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await inTurns([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('goes on after a failure, and tells of the first', async () => {
    const done: number[] = [];
    const work = (item: number) => {
      if (item % 2 === 1) return Promise.reject(new Error(`not ${item}`));
      done.push(item);
      return Promise.resolve();
    };
    await expect(inTurns([1, 2, 3, 4], 1, work)).rejects.toThrow('not 1');
    expect(done).toEqual([2, 4]);
  });

  it('has nothing to do with nothing', async () => {
    await expect(inTurns([], 5, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});
