import Stripe from 'stripe';

/** An outcome that nobody can tell, and when the provider wants to be asked again at the earliest. */
export interface UnknownOutcome {
  readonly kind: 'unknown';
  readonly reason: string;
  readonly retryAfterSeconds?: number;
  /** It was kept under the key: what was asked is over, and the key will never answer otherwise. */
  readonly isKept?: true;
}

/** A provider that sends us away for longer than this is asked again nevertheless. */
const LONGEST_SECONDS = 3_600;

/** What a call means that neither went through nor was refused for good. */
export function unknownOf(error: unknown, now = Date.now()): UnknownOutcome {
  const reason = error instanceof Error ? error.name : 'unknown error';
  const retryAfterSeconds = retryAfter(error, now);
  return {
    kind: 'unknown',
    reason,
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
    ...(isReplay(error) && { isKept: true }),
  };
}

/** Stripe marks what it answers from under a key (docs.stripe.com/api/idempotent_requests). */
function isReplay(error: unknown): boolean {
  const isStripes = error instanceof Stripe.errors.StripeError;
  return isStripes && error.headers?.['idempotent-replayed'] === 'true';
}

/** `Retry-After` (RFC 9110, 10.2.3) is a number of seconds or a date; 0 where there is none. */
function retryAfter(error: unknown, now: number): number {
  if (!(error instanceof Stripe.errors.StripeError)) return 0;
  const said = error.headers?.['retry-after'];
  if (said === undefined) return 0;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - now) / 1_000;
  return Number.isNaN(seconds) ? 0 : Math.max(0, Math.min(Math.ceil(seconds), LONGEST_SECONDS));
}
