import type { Session } from '../../src/fraud/domain/session.js';
import type { Dice } from '../../src/sandbox/visitors/dice.js';

/** A generator of sessions of one kind. */
export interface Family {
  readonly name: string;
  readonly kind: 'human' | 'bot';
  /**
   * `tuning`: the rule set's thresholds were chosen on it. `unseen`: they were not. `apart`: replays,
   * unseen and reported without a bound, since their path is a person's own.
   */
  readonly role: 'tuning' | 'unseen' | 'apart';
  readonly session: (dice: Dice) => Session;
}
