/** What is known of a try: not signed yet, or what the chain says of it. */
export type Seen = 'unsigned' | 'pending' | 'done' | 'failed' | 'expired';

/** One try of a part of a job: a place among the signer's transactions, and what was signed for it. */
export interface Try {
  /** From 0. */
  readonly number: number;
  /** The place on Polygon; on Solana every try has a place of its own. */
  readonly nonce: number | null;
  readonly seen: Seen;
  /** Since its bytes were kept. */
  readonly ageSeconds: number;
  /** Since they were sent last; null: never. */
  readonly sentSecondsAgo: number | null;
}

/** What to do next for a part of a job. */
export type Step =
  /** The part is done, by this try. */
  | { readonly do: 'finish'; readonly try: number }
  /** Sign for this try's place, and above the fee of `beats` where one is named. */
  | { readonly do: 'sign'; readonly try: number; readonly beats: number | null }
  | { readonly do: 'send'; readonly try: number }
  /** Sign once more for the same place, at a higher fee. */
  | { readonly do: 'raise'; readonly beats: number }
  /** Begin anew in another place, once the chain has been asked which tokens there are. */
  | { readonly do: 'begin' }
  | { readonly do: 'wait' }
  | { readonly do: 'give_up'; readonly reason: string };

/** Tries of a job that failed for good before a person has to look (Payment service spec, Bull Queues). */
export const MAX_ATTEMPTS = 3;
/** Seconds before each further try. */
export const RETRY_SECONDS: readonly number[] = [5, 30];

const RESEND_SECONDS = 5;
const RAISE_SECONDS = 60;
const MAX_TRIES = 30;

/**
 * Decides from all tries of a part, oldest first; `attempts` is how often the job has failed. Nothing
 * new is begun while any try may still be included, and nothing is done twice: what is done is done,
 * by whichever try.
 */
export function nextStep(tries: readonly Try[], attempts: number): Step {
  const done = tries.find(({ seen }) => seen === 'done');
  if (done) return { do: 'finish', try: done.number };
  const last = tries.at(-1);
  if (!last) return attempts >= MAX_ATTEMPTS ? GIVE_UP : { do: 'begin' };
  const place = samePlace(tries, last);
  const before = place.at(-2);
  if (last.seen === 'unsigned') {
    return { do: 'sign', try: last.number, beats: before?.number ?? null };
  }
  const open = place.filter(({ seen }) => seen === 'pending');
  const isTaken = place.some(({ seen }) => seen === 'failed');
  if (isTaken || open.length === 0) return anew(tries, attempts);
  if (last.seen === 'pending' && mayRaise(last, tries)) return { do: 'raise', beats: last.number };
  const { sentSecondsAgo } = last;
  if (last.seen !== 'pending') return { do: 'wait' };
  return sentSecondsAgo === null || sentSecondsAgo >= RESEND_SECONDS
    ? { do: 'send', try: last.number }
    : { do: 'wait' };
}

const GIVE_UP: Step = { do: 'give_up', reason: `it failed ${MAX_ATTEMPTS} times` };

function anew(tries: readonly Try[], attempts: number): Step {
  if (attempts >= MAX_ATTEMPTS) return GIVE_UP;
  if (tries.length >= MAX_TRIES) return { do: 'give_up', reason: 'no try was ever included' };
  return { do: 'begin' };
}

function samePlace(tries: readonly Try[], last: Try): readonly Try[] {
  return last.nonce === null ? [last] : tries.filter(({ nonce }) => nonce === last.nonce);
}

/** Where there is a place to keep, one that waits for too long is paid more for. */
function mayRaise({ nonce, ageSeconds }: Try, tries: readonly Try[]): boolean {
  return nonce !== null && ageSeconds >= RAISE_SECONDS && tries.length < MAX_TRIES;
}
