import { Remembered } from './remembered.js';

const HOW = { freshMs: 30_000, patienceMs: 50, retryMs: 5_000 };

/** A source that answers when it is told to, and a clock that is set by hand. */
function scene() {
  const waiting: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  const time = { now: Date.parse('2026-11-21T12:00:00Z') };
  const remembered = new Remembered<string>(
    () => new Promise((resolve, reject) => void waiting.push({ resolve, reject })),
    { ...HOW, onFailure: (error) => failures.push(error) },
    () => time.now,
  );
  const answer = async (value: string) => {
    waiting.at(-1)?.resolve(value);
    await new Promise(setImmediate);
  };
  const fail = async () => {
    waiting.at(-1)?.reject(new Error('away'));
    await new Promise(setImmediate);
  };
  const later = (ms: number) => (time.now += ms);
  return { remembered, answer, fail, later, asked: () => waiting.length, failures };
}

async function known() {
  const made = scene();
  const first = made.remembered.get();
  await made.answer('first');
  await first;
  return made;
}

describe('what is remembered', () => {
  it('is asked for once, by however many, and then kept as long as it is fresh', async () => {
    const { remembered, answer, later, asked } = scene();
    const both = Promise.all([remembered.get(), remembered.get()]);
    await answer('first');
    expect(await both).toMatchObject([{ value: 'first', stale: false }, { value: 'first' }]);
    later(29_999);
    expect(await remembered.get()).toMatchObject({ value: 'first', stale: false });
    expect(asked()).toBe(1);
    later(1);
    const renewed = remembered.get();
    await answer('second');
    expect(await renewed).toMatchObject({ value: 'second', stale: false });
  });

  it('is the last good value while the source is away, and nothing where it never answered', async () => {
    const { remembered, fail, later, failures } = await known();
    later(30_000);
    const old = remembered.get();
    await fail();
    expect(await old).toMatchObject({ value: 'first', stale: true, failing: true });
    expect(failures).toHaveLength(1);
    const never = scene();
    const none = never.remembered.get();
    await never.fail();
    expect(await none).toBeNull();
  });

  it('keeps nobody waiting beyond patience, and takes the answer that comes later', async () => {
    const { remembered, answer, later } = await known();
    later(30_000);
    expect(await remembered.get()).toMatchObject({ value: 'first', stale: true, failing: false });
    await answer('late');
    expect(remembered.peek()).toMatchObject({ value: 'late', stale: false });
  });

  it('leaves a source that failed alone for a while, and tells of one outage once', async () => {
    const { remembered, answer, fail, later, asked, failures } = await known();
    later(30_000);
    remembered.peek();
    await fail();
    later(4_999);
    await remembered.get();
    expect(asked()).toBe(2);
    later(1);
    remembered.peek();
    await fail();
    expect([asked(), failures.length]).toEqual([3, 1]);
    later(5_000);
    remembered.peek();
    await answer('back');
    expect(remembered.peek()).toMatchObject({ value: 'back', failing: false });
  });

  it('is told at once to who only looks, while a newer value is asked for', async () => {
    const { remembered, answer, later, asked } = scene();
    expect(remembered.peek()).toBeNull();
    expect(asked()).toBe(1);
    await answer('first');
    later(60_000);
    expect(remembered.peek()).toMatchObject({ value: 'first', stale: true });
    expect(asked()).toBe(2);
  });
});
