import { differences, growth, total } from './books.js';
import { readOptions, type SaleScenario } from './options.js';
import { type Line, lineOf, median, missed, type QueueLine, quantile } from './report.js';
import type { Slice } from './slices.js';

const slice = (purchases: number, seconds: number, rest: Partial<Slice> = {}): Slice => ({
  purchases,
  seconds,
  latenciesMs: Float64Array.from({ length: purchases }, (_, i) => i + 1),
  nodeMs: purchases * 2,
  postgresMs: purchases * 3,
  walBytes: purchases * 20_000,
  ...rest,
});

const size = { tickets: { rows: 2, bytes: 320 }, outbox: { rows: 1, bytes: 824 } };
const written = { application: size, ceiling: size };

const line = (scenario: SaleScenario, slices: Slice[], ceiling: Slice[] = []): Line =>
  lineOf({ scenario, clients: 16, venues: 100, webhooks: false, slices, ceiling }, written);

describe('a line', () => {
  it('compares each slice with the ceiling of its own round, then takes the median', () => {
    const slices = [slice(100, 1), slice(10, 1), slice(90, 1)];
    const ceiling = [slice(200, 1), slice(100, 1), slice(100, 1)];
    expect(line('venues-16', slices, ceiling)).toMatchObject({
      purchases: 200,
      purchases_per_s: 90,
      ratio: 0.5,
      node_cpu_ms: 2,
      pg_cpu_ms: 3,
      rows_per_purchase: 3,
      bytes_per_purchase: 1144,
      wal_bytes_per_purchase: 20_000,
      ceiling: { purchases_per_s: 100 },
    });
  });

  it('says null, not zero, where processor time cannot be read', () => {
    expect(line('hot-16', [slice(5, 1, { nodeMs: null })])).toMatchObject({
      node_cpu_ms: null,
      ratio: null,
      ceiling: null,
    });
  });
});

describe('the required numbers', () => {
  const fast = line('venues-16', [slice(100, 1)], [slice(200, 1)]);

  it('are met', () => {
    const slow = slice(80, 1);
    const one = line('venues-1', [slice(25, 1)]);
    expect(missed([fast, line('hot-16', [slow]), one])).toEqual([]);
  });

  it.each([
    ['ratio', [line('venues-16', [slice(100, 1)], [slice(400, 1)])]],
    ['1,000 purchases', [line('venues-16', [slice(16, 1)], [slice(20, 1)])]],
    ['hot', [fast, line('hot-16', [slice(79, 1)])]],
    ['p99', [line('venues-1', [slice(26, 1)])]],
  ])('are missed: %s', (what, lines) => {
    expect(missed(lines)).toEqual([expect.stringContaining(what)]);
  });
});

describe('the required numbers of queues', () => {
  const redis = {
    joins: 10_000,
    positions: 10_000,
    rawJoins: 30_000,
    rawPositions: 30_000,
    zadds: 90_000,
    zranks: 90_000,
  };
  const line = (over: Partial<QueueLine> = {}): QueueLine => ({
    scenario: 'waiting-room',
    queued: 100_000,
    postgres: { joins: 1_000, positions: 1 },
    redis,
    ...over,
  });

  it('are met', () => {
    expect(missed([], { queues: line() })).toEqual([]);
  });

  it('say nothing of a Redis that is not there', () => {
    expect(missed([], { queues: line({ redis: null }) })).toEqual([]);
  });

  it.each([
    ['PostgreSQL', line({ postgres: { joins: 999, positions: 1 } })],
    ['joins × 3', line({ redis: { ...redis, joins: 9_999 } })],
    ['positions × 3', line({ redis: { ...redis, positions: 9_999 } })],
  ])('are missed: %s', (what, queues) => {
    expect(missed([], { queues })).toEqual([expect.stringContaining(what)]);
  });
});

describe('the required number of fraud checks', () => {
  const line = { scenario: 'fraud-check', signals: 50_000, checks: 2_000, p50_ms: 2 } as const;

  it('is met, or missed', () => {
    expect(missed([], { checks: { ...line, p99_ms: 10 } })).toEqual([]);
    expect(missed([], { checks: { ...line, p99_ms: 10.01 } })).toEqual([
      'fraud check: p99 ≤ 10 ms',
    ]);
  });
});

describe('the required numbers of minting', () => {
  const line = { tickets: 1_000, transactions: 10, ceiling: { tickets_per_s: 900 }, ratio: 0.3 };
  const polygon = { ...line, scenario: 'minting-polygon', tickets_per_s: 300 } as const;
  const solana = { ...line, scenario: 'minting-solana', tickets_per_s: 100 } as const;

  it('are met', () => {
    expect(missed([], { polygon, solana })).toEqual([]);
  });

  it('are missed', () => {
    expect(missed([], { polygon: { ...polygon, tickets_per_s: 299.9 } })).toEqual([
      'minting on anvil: ≥ 300 tickets/s',
    ]);
    expect(missed([], { solana: { ...solana, tickets_per_s: 99.9 } })).toEqual([
      'minting on LiteSVM: ≥ 100 tickets/s',
    ]);
  });
});

describe('rows and bytes', () => {
  const before = { tickets: { rows: 10, bytes: 1_000 }, tickets_old: { rows: 1, bytes: 9 } };
  const after = { tickets: { rows: 30, bytes: 4_200 }, tickets_old: { rows: 1, bytes: 9 } };

  it('are told per purchase, of the tables that grew', () => {
    const grown = growth(before, after, 10);
    expect(grown).toEqual({ tickets: { rows: 2, bytes: 320 } });
    expect(total(grown)).toEqual({ rows: 2, bytes: 320 });
  });

  it.each([
    ['a row more', { tickets: { rows: 3, bytes: 320 } }],
    ['other bytes', { tickets: { rows: 2, bytes: 324 } }],
    ['another table', { tickets: { rows: 2, bytes: 320 }, outbox: { rows: 1, bytes: 1 } }],
  ])('differ by %s', (_, other) => {
    expect(differences({ tickets: { rows: 2, bytes: 320 } }, other)).toHaveLength(1);
  });

  it('are alike within a hundredth, which compression may take', () => {
    const one = { tickets: { rows: 2, bytes: 2_547 } };
    expect(differences(one, { tickets: { rows: 2, bytes: 2_537 } })).toEqual([]);
  });
});

describe('numbers', () => {
  it('has a median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('has quantiles', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(quantile(hundred, 0.5)).toBe(50);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile([7], 0.99)).toBe(7);
  });
});

describe('the command line', () => {
  it('chooses scenarios and lengths', () => {
    expect(readOptions(['--seconds', '5', '--scenario', 'hot-16'])).toMatchObject({
      seconds: 5,
      rounds: 3,
      scenarios: ['hot-16'],
    });
    expect(readOptions([])).toMatchObject({
      queued: 100_000,
      scenarios: [
        ...['venues-16', 'hot-16', 'venues-1', 'webhooks-16'],
        ...['waiting-room', 'fraud-check', 'minting-polygon', 'minting-solana'],
      ],
    });
  });

  it.each([
    [['--seconds', '0']],
    [['--seconds', '61']],
    [['--rounds', 'x']],
    [['--queued', '0']],
    [['--scenario', 'cold']],
  ])('refuses %p', (args) => {
    expect(() => readOptions(args)).toThrow('npm run bench');
  });
});
