import { circuitBreaker, handleType, isBrokenCircuitError, SamplingBreaker } from 'cockatiel';
import { watchBreaker } from '../observability/watch-breaker.js';
import { ChainUnavailable } from './chain-unavailable.js';

const HALF_OPEN_AFTER_MS = 2_000;

/** Runs a question to a node, or throws `ChainUnavailable` at once while the node is away. */
export type NodeBreaker = <T>(question: () => Promise<T>) => Promise<T>;

/**
 * A circuit breaker that opens when half the questions of ten seconds met `ChainUnavailable`, and
 * probes after two. Whatever else a question throws is an answer of the node.
 */
export function nodeBreaker(chain: string): NodeBreaker {
  const breaker = circuitBreaker(handleType(ChainUnavailable), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
  });
  watchBreaker(chain, breaker);
  return (question) =>
    breaker.execute(question).catch((error: unknown) => {
      throw isBrokenCircuitError(error)
        ? new ChainUnavailable(chain, 'the breaker is open')
        : error;
    });
}
