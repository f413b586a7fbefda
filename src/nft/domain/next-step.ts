/**
 * What is known of a try: not signed yet, or what the chain says of it. `included`: in a block that is
 * not final; it is `pending` again when that block is lost.
 */
export type Seen = 'unsigned' | 'pending' | 'included' | 'done' | 'failed' | 'expired';

/** One try of a part of a job: a place among the signer's transactions, and what was signed for it. */
export interface Try {
  /** From 0. */
  readonly number: number;
  /** The place on Polygon; on Solana every try has a place of its own. */
  readonly nonce: number | null;
  /** Is its place one of the key that signs now? */
  readonly isOurs: boolean;
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
  /** Give the place of a key that signs no more back: nothing was signed for it. */
  | { readonly do: 'give_back'; readonly try: number }
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
/** At an eighth more each time, it ends at four times what was ever asked for. */
const MAX_RAISES = 12;
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
  if (place.some(({ seen }) => seen === 'included')) return { do: 'wait' };
  if (last.seen === 'unsigned') {
    if (!last.isOurs) return { do: 'give_back', try: last.number };
    return { do: 'sign', try: last.number, beats: beatenBy(last, tries)?.number ?? null };
  }
  const open = place.filter(({ seen }) => seen === 'pending');
  const isTaken = place.some(({ seen }) => seen === 'failed');
  if (isTaken || open.length === 0) return anew(tries, attempts);
  if (last.seen === 'pending' && mayRaise(last, place, tries)) {
    return { do: 'raise', beats: last.number };
  }
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

/** The try before in the same place; where every try has its own, the one before if it expired. */
function beatenBy({ nonce }: Try, tries: readonly Try[]): Try | undefined {
  const before = tries.slice(0, -1);
  if (nonce !== null) return before.findLast((each) => each.nonce === nonce);
  const previous = before.at(-1);
  return previous?.seen === 'expired' ? previous : undefined;
}

/** Where there is a place to keep, one that waits for too long is paid more for, so many times. */
function mayRaise(
  { nonce, isOurs, ageSeconds }: Try,
  place: readonly Try[],
  tries: readonly Try[],
): boolean {
  if (nonce === null || !isOurs || ageSeconds < RAISE_SECONDS) return false;
  return place.length <= MAX_RAISES && tries.length < MAX_TRIES;
}
