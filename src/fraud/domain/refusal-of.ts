import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Verdict } from './scoring/index.js';

/**
 * How a declined purchase is refused, null for any other: `RATE_LIMIT_EXCEEDED` for velocity,
 * `BOT_DETECTED`, else `FRAUD_DETECTED`. The code is all that is told: no score, sign or limit from
 * which a bot could learn what to do otherwise.
 */
export function refusalOf({ decision, cause, velocity }: Verdict): Refusal | null {
  if (decision !== 'decline') return null;
  if (cause === 'bot') return refuse('BOT_DETECTED', 'The purchase cannot be made.');
  if (cause !== 'velocity') return refuse('FRAUD_DETECTED', 'The purchase cannot be made.');
  const waits = velocity.exceeded.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  return refuse('RATE_LIMIT_EXCEEDED', 'Too many purchases. Try again later.', {
    ...(waits.length > 0 && { retryAfterSeconds: Math.max(...waits) }),
  });
}
