import type { ClaimedEvent } from './outbox-rows.js';

/** Takes a copy of every event outside of the application: a message broker. */
export interface Forwarder {
  /** Can it take events now? While it cannot, events wait untouched. */
  readonly ready: boolean;

  /**
   * Answers those that were taken for good; the rest comes again, and so may what was taken. Ends
   * within ten seconds, whatever happens outside, and never throws.
   */
  forward(events: readonly ClaimedEvent[]): Promise<readonly ClaimedEvent[]>;
}
