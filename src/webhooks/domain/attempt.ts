/** How a try ended; all but the first count as failed. */
export const OUTCOMES = [
  'delivered',
  'refused',
  'redirected',
  'gone',
  'timeout',
  'too_large',
  'blocked',
  'dns',
  'connection',
  'tls',
  'unsigned',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One try to hand a message over. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  /** What went wrong, in words; null when it arrived. */
  readonly error: string | null;
  /** The beginning of the answer, at most 1 kB, without secrets; null when there was none. */
  readonly answerExcerpt: string | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds before each further try: ten tries over three days. */
export const RETRY_SECONDS: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** How long the tries of a delivery go on: what nobody could even try for so long is given up, too. */
export const SCHEDULE_MS = RETRY_SECONDS.reduce((total, seconds) => total + seconds, 0) * 1_000;

/** Where nothing has arrived for so long (five days), the next delivery given up disables the endpoint. */
export const FAILING_TOO_LONG_MS = 5 * 24 * HOUR * 1_000;

/** What a status says of the message: only 2xx is an acceptance, and a redirect is not followed. */
export function outcomeOf(httpStatus: number): Outcome {
  if (httpStatus >= 200 && httpStatus < 300) return 'delivered';
  if (httpStatus === 410) return 'gone';
  return httpStatus >= 300 && httpStatus < 400 ? 'redirected' : 'refused';
}

/**
 * What becomes of a delivery: it is done, tried again after so many seconds, or given up. `attempts`
 * are the tries that failed before this one; whoever is gone for good is not asked again.
 */
export function verdictOn(
  outcome: Outcome,
  attempts: number,
): { readonly status: 'delivered' | 'failed' } | { readonly status: 'pending'; seconds: number } {
  if (outcome === 'delivered') return { status: 'delivered' };
  const seconds = outcome === 'gone' ? undefined : RETRY_SECONDS[attempts];
  return seconds === undefined ? { status: 'failed' } : { status: 'pending', seconds };
}
