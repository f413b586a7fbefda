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
import { watchBreaker } from '../../../kernel/observability/index.js';

const HALF_OPEN_AFTER_MS = 2_000;

export interface Resilience {
  readonly policy: IPolicy;
  /**
   * As `policy`, for a call that we give up long before the provider would be called slow: that we did
   * opens no breaker. Of a breaker that is open already it says that the outage goes on.
   */
  impatiently<T>(call: () => Promise<T>): Promise<T>;
  /** Could a call be made now: breaker not open, or due to probe, and a free place? */
  hasRoom(): boolean;
  onOutage(listener: () => void): void;
  /**
   * Called when the breaker closes again, and at the first success of this process: an outage may
   * have ended while nobody was there to see it.
   */
  onRecovery(listener: () => void): void;
}

/** Is the provider itself in trouble? A declined card or a bad request says nothing about that. */
export function isOutage(error: Error): boolean {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError
  );
}

/** The SDK tells a time-out from other broken connections by what was behind it alone. */
function isTimeOut(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeConnectionError)) return false;
  const { detail } = error;
  return detail instanceof Error && 'code' in detail && detail.code === 'ETIMEDOUT';
}

/** A call that was given up; nothing that a breaker counts. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/**
 * A bulkhead, so that a slow provider holds at most `concurrent` calls and as many waiting, around
 * a circuit breaker that opens when half the calls of ten seconds failed and probes after two.
 */
export function resilience(provider: string, concurrent: number): Resilience {
  const places = bulkhead(concurrent, concurrent);
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
  });
  let openedAt = 0;
  breaker.onBreak(() => {
    openedAt = Date.now();
  });
  watchBreaker(provider, breaker);
  // Only a call closes an open breaker: from its probing time on the next purchase is the probe,
  // and while that one runs the others wait.
  const passable = () =>
    breaker.state === CircuitState.Open
      ? Date.now() - openedAt >= HALF_OPEN_AFTER_MS
      : breaker.state === CircuitState.Closed;
  const policy = wrap(places, breaker);
  return {
    policy,
    impatiently: (call) =>
      policy.execute(async () => {
        const isProbe = breaker.state !== CircuitState.Closed;
        return call().catch((error: unknown) => {
          throw isTimeOut(error) && !isProbe ? new GivenUp('no answer in time') : error;
        });
      }),
    hasRoom: () => passable() && places.executionSlots + places.queueSlots > 0,
    onOutage: (listener) => void breaker.onBreak(listener),
    onRecovery: (listener) => {
      breaker.onReset(listener);
      const firstSuccess = breaker.onSuccess(() => {
        firstSuccess.dispose();
        // A probe that succeeds closes the breaker, which tells as well.
        if (breaker.state === CircuitState.Closed) listener();
      });
    },
  };
}
