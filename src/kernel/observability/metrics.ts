import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Everything this process measures, in the Prometheus text format. */
export const registry = new Registry();

const registers = [registry];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const DOLLARS = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 10_000, 100_000];

const transactionsTotal = new Counter({
  name: 'payment_transactions_total',
  help: 'Total number of payment transactions, by final status and method',
  labelNames: ['status', 'method'],
  registers,
});
const amountDollars = new Histogram({
  name: 'payment_amount_dollars',
  help: 'Payment amounts in dollars',
  buckets: DOLLARS,
  registers,
});
const processingSeconds = new Histogram({
  name: 'payment_processing_duration_seconds',
  help: 'Time from the accepted request to the recorded outcome, by method',
  labelNames: ['method'],
  buckets: SECONDS,
  registers,
});
const paymentsTotal = new Counter({
  name: 'payments_total',
  help: 'Total payment attempts, by status',
  labelNames: ['status'],
  registers,
});
const paymentAmount = new Histogram({
  name: 'payment_amount',
  help: 'Payment amounts in the minor unit (cents)',
  buckets: DOLLARS.map((dollars) => dollars * 100),
  registers,
});
const paymentSeconds = new Histogram({
  name: 'payment_duration_seconds',
  help: 'Payment processing time, by status',
  labelNames: ['status'],
  buckets: SECONDS,
  registers,
});

/** A payment's outcome, as the metrics count it. */
export interface MeasuredPayment {
  /** `completed`, `failed`, `cancelled` … as the API names states. */
  readonly status: string;
  /** `card`, `ach` … */
  readonly method: string;
  readonly amountCents: bigint;
  readonly seconds: number;
}

/** Counts one settled payment under the names of both specifications (Payment service, README). */
export function measurePayment({ status, method, amountCents, seconds }: MeasuredPayment): void {
  const cents = Number(amountCents);
  transactionsTotal.inc({ status, method });
  paymentsTotal.inc({ status });
  processingSeconds.observe({ method }, seconds);
  paymentSeconds.observe({ status }, seconds);
  amountDollars.observe(cents / 100);
  paymentAmount.observe(cents);
}

/** Refunds whose outcome is known, by status (Payment service spec, README). */
export const refundsTotal = new Counter({
  name: 'payment_refunds_total',
  help: 'Refunds with a known outcome, by status',
  labelNames: ['status'],
  registers,
});

/** Payments between their intent and their outcome in this process. */
export const activeTransactions = new Gauge({
  name: 'payment_active_transactions',
  help: 'Payments being processed by this process now',
  registers,
});

export const idempotencyHits = new Counter({
  name: 'idempotency_hits_total',
  help: 'Requests answered from a stored answer of the same Idempotency-Key',
  registers,
});

/** `level`: address, user or endpoint. */
export const rateLimitRefusals = new Counter({
  name: 'rate_limit_refusals_total',
  help: 'Requests answered 429 because a rate limit was exceeded, by the level of the limit',
  labelNames: ['level'],
  registers,
});

export const activeConnections = new Gauge({
  name: 'active_connections',
  help: 'Open client connections',
  registers,
});

export const httpRequestSeconds = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the received request to the sent answer, by method, route pattern and status',
  labelNames: ['method', 'route', 'status'],
  buckets: SECONDS,
  registers,
});

export const outboxLagSeconds = new Gauge({
  name: 'outbox_lag_seconds',
  help: 'Age of the oldest event that a subscriber has not confirmed yet',
  registers,
});

/** `outcome`: succeeded, failed or unknown. */
export const providerCallSeconds = new Histogram({
  name: 'provider_call_duration_seconds',
  help: 'Duration of calls to a payment provider, by provider, operation and outcome',
  labelNames: ['provider', 'operation', 'outcome'],
  buckets: SECONDS,
  registers,
});

export const breakerState = new Gauge({
  name: 'circuit_breaker_state',
  help: 'State of the circuit breaker of a provider: 0 closed, 1 half open, 2 open',
  labelNames: ['provider'],
  registers,
});

let collecting = false;

/** Adds the process's own metrics (CPU, memory, event loop, garbage collection), once. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: registry });
}
