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

export interface Resilience {
  readonly policy: IPolicy;
  isOpen(): boolean;
  onRecovery(listener: () => void): void;
}

/** Is the provider itself in trouble? A declined card or a bad request says nothing about that. */
export function isOutage(error: Error): boolean {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError
  );
}

/**
 * A bulkhead, so that a slow provider holds at most `concurrent` calls and as many waiting, around
 * a circuit breaker that opens when half the calls of ten seconds failed and probes after two.
 */
export function resilience(concurrent: number): Resilience {
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: 2_000,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
  });
  return {
    policy: wrap(bulkhead(concurrent, concurrent), breaker),
    isOpen: () => breaker.state === CircuitState.Open || breaker.state === CircuitState.Isolated,
    onRecovery: (listener) => void breaker.onReset(listener),
  };
}
