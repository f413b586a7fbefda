import { type CircuitBreakerPolicy, CircuitState } from 'cockatiel';
import { breakerState } from './metrics.js';

const STATE_NUMBER = {
  [CircuitState.Closed]: 0,
  [CircuitState.HalfOpen]: 1,
  [CircuitState.Open]: 2,
  [CircuitState.Isolated]: 2,
};

/** Shows a breaker's state in the metrics from its first change on, under the provider's name. */
export function watchBreaker(provider: string, breaker: CircuitBreakerPolicy): void {
  breaker.onStateChange((state) => {
    breakerState.set({ provider }, STATE_NUMBER[state]);
  });
}
