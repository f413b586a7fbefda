import { MicroBatch } from './micro-batch.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function doubling(most?: number) {
  const batches: (readonly number[])[] = [];
  let release: () => void = () => undefined;
  const work = async (_: string, items: readonly number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => (release = resolve));
    return items.map((item) => item * 2);
  };
  const batch = new MicroBatch<string, number, number>((key) => key, work, most);
  const go = async () => {
    release();
    await turn();
    await turn();
  };
  return { batch, batches, go };
}

describe('a micro batch', () => {
  it('does together what comes together, and answers each its own', async () => {
    const { batch, batches, go } = doubling();
    const answers = Promise.all([1, 2, 3].map((n) => batch.add('a', n)));
    await turn();
    await go();
    expect(await answers).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('collects the next one while one is under way, and cuts what is too long', async () => {
    const { batch, batches, go } = doubling(2);
    const first = batch.add('a', 1);
    await turn();
    const rest = Promise.all([2, 3, 4].map((n) => batch.add('a', n)));
    await go();
    await go();
    await go();
    expect(await Promise.all([first, rest])).toEqual([2, [4, 6, 8]]);
    expect(batches).toEqual([[1], [2, 3], [4]]);
  });

  it('keeps keys apart', async () => {
    const seen: string[] = [];
    const batch = new MicroBatch<string, number, string>(
      (key) => key,
      (key, items) => {
        seen.push(key);
        return Promise.resolve(items.map(() => key));
      },
    );
    expect(await Promise.all([batch.add('a', 1), batch.add('b', 1)])).toEqual(['a', 'b']);
    expect(seen).toEqual(['a', 'b']);
  });

  it('fails for all in the batch and goes on with the next', async () => {
    let tries = 0;
    const batch = new MicroBatch<string, number, number>(
      (key) => key,
      (_, items) => (tries++ === 0 ? Promise.reject(new Error('no')) : Promise.resolve([...items])),
    );
    const failed = await Promise.allSettled([batch.add('a', 1), batch.add('a', 2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await batch.add('a', 3)).toBe(3);
  });
});
