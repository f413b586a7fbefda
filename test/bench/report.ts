import { type Sizes, total } from './books.js';
import type { FraudCheckLine } from './fraud-check.js';
import type { MintingLine } from './minting.js';
import type { SaleScenario } from './options.js';
import type { Slice } from './slices.js';
import type { QueueSpeed, RedisQueueSpeed } from './waiting-room.js';

/** A scenario's slices by round; the ceiling's beside the application's, where it has one. */
export interface Measured {
  readonly scenario: SaleScenario;
  readonly clients: number;
  readonly venues: number;
  readonly webhooks: boolean;
  readonly slices: readonly Slice[];
  readonly ceiling: readonly Slice[];
}

/** One line of the bench's output; times of the processor are milliseconds a purchase. */
export interface Line {
  readonly scenario: SaleScenario;
  readonly clients: number;
  readonly venues: number;
  readonly webhooks: boolean;
  readonly purchases: number;
  readonly purchases_per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly node_cpu_ms: number | null;
  readonly pg_cpu_ms: number | null;
  /** Throughput over the ceiling's: the median of the rounds. */
  readonly ratio: number | null;
  readonly rows_per_purchase: number;
  readonly bytes_per_purchase: number;
  readonly wal_bytes_per_purchase: number;
  readonly ceiling: CeilingLine | null;
}

type CeilingLine = Pick<
  Line,
  | 'purchases_per_s'
  | 'p50_ms'
  | 'p99_ms'
  | 'node_cpu_ms'
  | 'pg_cpu_ms'
  | 'rows_per_purchase'
  | 'bytes_per_purchase'
  | 'wal_bytes_per_purchase'
>;

export function lineOf(
  { scenario, clients, venues, webhooks, slices, ceiling }: Measured,
  written: { readonly application: Sizes; readonly ceiling: Sizes },
): Line {
  const ratios = ceiling.map((slice, round) => rate(slices[round]) / rate(slice));
  return {
    scenario,
    clients,
    venues,
    webhooks,
    purchases: slices.reduce((sum, slice) => sum + slice.purchases, 0),
    ...figures(slices, written.application),
    ratio: ratios.length === 0 ? null : round(median(ratios), 3),
    ceiling: ceiling.length === 0 ? null : figures(ceiling, written.ceiling),
  };
}

function figures(slices: readonly Slice[], written: Sizes): CeilingLine {
  const latencies = slices.flatMap(({ latenciesMs }) => [...latenciesMs]).sort((a, b) => a - b);
  const each = (of: (slice: Slice) => number | null): number | null => {
    const values = slices.map((slice) => {
      const sum = of(slice);
      return sum === null ? null : sum / slice.purchases;
    });
    const known = values.filter((value) => value !== null);
    return known.length < values.length ? null : round(median(known), 3);
  };
  const { rows, bytes } = total(written);
  return {
    purchases_per_s: round(median(slices.map(rate)), 1),
    p50_ms: round(quantile(latencies, 0.5), 2),
    p99_ms: round(quantile(latencies, 0.99), 2),
    node_cpu_ms: each(({ nodeMs }) => nodeMs),
    pg_cpu_ms: each(({ postgresMs }) => postgresMs),
    rows_per_purchase: round(rows, 2),
    bytes_per_purchase: round(bytes, 0),
    wal_bytes_per_purchase: Math.round(each(({ walBytes }) => walBytes) ?? 0),
  };
}

/** What the waiting room's scenario measured, operations a second; null without a redis-server. */
export interface QueueLine {
  readonly scenario: 'waiting-room';
  readonly queued: number;
  readonly postgres: QueueSpeed;
  readonly redis: RedisQueueSpeed | null;
}

/** What was measured below HTTP; undefined where it was not. */
export interface OtherLines {
  readonly queues?: QueueLine | undefined;
  readonly checks?: FraudCheckLine | undefined;
  readonly polygon?: MintingLine | undefined;
  readonly solana?: MintingLine | undefined;
}

/** The required numbers that a run misses, in words. A number that was not measured is not missed. */
export function missed(lines: readonly Line[], others: OtherLines = {}): string[] {
  const { queues, checks, polygon, solana } = others;
  const of = (scenario: SaleScenario) => lines.find((line) => line.scenario === scenario);
  const [many, hot, one] = [of('venues-16'), of('hot-16'), of('venues-1')];
  const redis = queues?.redis ?? undefined;
  const demands: readonly (readonly [string, boolean | undefined])[] = [
    ['16 clients: ratio ≥ 0.30', many && (many.ratio ?? 0) >= 0.3],
    ['16 clients: ≥ 1,000 purchases a minute', many && many.purchases_per_s * 60 >= 1_000],
    [
      'one hot venue ÷ 100 venues ≥ 0.8',
      many && hot && hot.purchases_per_s >= 0.8 * many.purchases_per_s,
    ],
    ['1 client: p99 ≤ 25 ms', one && one.p99_ms <= 25],
    ['queue in PostgreSQL: ≥ 1,000 joins/s', queues && queues.postgres.joins >= 1_000],
    ['queue in Redis: joins × 3 ≥ bare', redis && redis.joins * 3 >= redis.rawJoins],
    ['queue in Redis: positions × 3 ≥ bare', redis && redis.positions * 3 >= redis.rawPositions],
    ['fraud check: p99 ≤ 10 ms', checks && checks.p99_ms <= 10],
    ['minting on anvil: ≥ 300 tickets/s', polygon && polygon.tickets_per_s >= 300],
    ['minting on LiteSVM: ≥ 100 tickets/s', solana && solana.tickets_per_s >= 100],
  ];
  return demands.filter(([, met]) => met === false).map(([demand]) => demand);
}

function rate(slice: Slice | undefined): number {
  return slice ? slice.purchases / slice.seconds : 0;
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The smallest value that at least `share` of all are not above. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
