import {
  bulkhead,
  circuitBreaker,
  CircuitState,
  handleWhen,
  type IPolicy,
  SamplingBreaker,
  wrap,
} from 'cockatiel';
import Stripe from 'stripe';
import { breakerState } from '../../../kernel/observability/index.js';

const HALF_OPEN_AFTER_MS = 2_000;

const STATE_NUMBER = {
  [CircuitState.Closed]: 0,
  [CircuitState.HalfOpen]: 1,
  [CircuitState.Open]: 2,
  [CircuitState.Isolated]: 2,
};

export interface Resilience {
  readonly policy: IPolicy;
  /** Could a call be made now: breaker not open, or due to probe, and a free place? */
  hasRoom(): boolean;
  onRecovery(listener: () => void): void;
}

/** Is the provider itself in trouble? A declined card or a bad request says nothing about that. */
export function isOutage(error: Error): boolean {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError
  );
}

/** How long a provider in trouble is left alone before one call tries it. */
const PROBE_AFTER_MS = 2_000;

/**
 * A bulkhead, so that a slow provider holds at most `concurrent` calls and as many waiting, around
 * a circuit breaker that opens when half the calls of ten seconds failed and probes after two.
 * When a probe is due it counts as closed: where nothing happens in the background, the next
 * purchase is the probe.
 */
export function resilience(concurrent: number): Resilience {
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: PROBE_AFTER_MS,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
  });
  let openedAt = 0;
  breaker.onBreak(() => {
    openedAt = Date.now();
  });
  return {
    policy: wrap(bulkhead(concurrent, concurrent), breaker),
    isOpen: () => {
      if (breaker.state !== CircuitState.Open) return breaker.state !== CircuitState.Closed;
      return Date.now() - openedAt < PROBE_AFTER_MS;
    },
    onRecovery: (listener) => void breaker.onReset(listener),
  };
}
