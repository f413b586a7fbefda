import {
  currentTraceparent,
  describeSpan,
  stopTracing,
  type Tracing,
  useTracing,
  withLeafSpan,
  withTraceparent,
} from './trace-context.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('without tracing', () => {
  it('there is only the work', async () => {
    const facts = jest.fn();
    expect(currentTraceparent()).toBeUndefined();
    expect(await withTraceparent(TRACEPARENT, 'x', () => Promise.resolve(1))).toBe(1);
    expect(await withLeafSpan('x', facts, () => Promise.resolve(2))).toBe(2);
    describeSpan('x', {});
    await stopTracing();
    expect(facts).not.toHaveBeenCalled();
  });

  it('a failure of the work is its own', async () => {
    const fail = () => Promise.reject(new Error('no'));
    await expect(withTraceparent(null, 'x', fail)).rejects.toThrow('no');
  });
});

describe('with tracing', () => {
  const told: unknown[] = [];
  const note: Tracing = {
    traceparent: () => TRACEPARENT,
    continued: (traceparent, name, work) => {
      told.push([traceparent, name]);
      return work();
    },
    leaf: (name, facts, work) => {
      told.push([name, facts()]);
      return work();
    },
    describe: (name, facts) => told.push([name, facts]),
    stop: () => Promise.resolve(),
  };
  beforeAll(() => {
    useTracing(note);
  });
  afterAll(() => {
    useTracing(undefined);
  });

  it('everything is told, and a row without a trace begins one', async () => {
    expect(currentTraceparent()).toBe(TRACEPARENT);
    await withTraceparent(TRACEPARENT, 'job', () => Promise.resolve());
    await withTraceparent(null, 'job', () => Promise.resolve());
    await withLeafSpan(
      'sql',
      () => ({ a: 1 }),
      () => Promise.resolve(),
    );
    describeSpan('GET /x', { b: 2 });
    expect(told).toEqual([
      [TRACEPARENT, 'job'],
      [undefined, 'job'],
      ['sql', { a: 1 }],
      ['GET /x', { b: 2 }],
    ]);
  });
});
