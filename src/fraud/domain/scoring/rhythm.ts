import { type Gesture, intervalsOf, type Kind } from './gestures.js';
import { evenness, median, robustVariation } from './statistics.js';

const LEAST_CLICKS = 3;
const LEAST_INTERVALS = 3;
const LEAST_HOLDS = 3;
const LEAST_KEYS = 12;
const LEAST_PAUSES = 5;

const LONGEST_HOLD_MS = 1_500;
const LONGEST_KEY_PAUSE_MS = 2_000;
/** A click that follows its press or release within so many gestures is theirs. */
const CLICK_AFTER = 4;
const KEY_CLICK_MS = 300;
const TOUCH_CLICK_MS = 1_000;
const TOUCH_CLICK_PX = 50;
/** So far from where the pointer was last seen a click is still in place. */
const IN_PLACE_PX = 8;
/** No hand is faster; 5 px a millisecond cross a screen in less than half a second. */
const FASTEST_PX_MS = 5;
/** A rest is four intervals between reports; one and a half of them may go unseen. */
const UNSEEN_RESTS = 0.375;

/**
 * The share of clicks that nothing led to: no pointer that came there, no touch, no key. Null for
 * fewer than three clicks.
 */
export function clicksWithoutMovement(gestures: readonly Gesture[], restMs: number): number | null {
  const landings = landingsOf(gestures);
  if (landings.length < LEAST_CLICKS) return null;
  const sudden = landings.filter((click) => !isLedTo(click, restMs));
  return sudden.length / landings.length;
}

/** The middle time from one click to the next. */
export function clickIntervalMs(gestures: readonly Gesture[]): number | null {
  const intervals = intervalsOf(landingsOf(gestures));
  return intervals.length < LEAST_INTERVALS ? null : median(intervals);
}

/** How long buttons, or keys, are held down; null for fewer than three. */
export function holdsOf(gestures: readonly Gesture[], down: Kind, up: Kind): number[] | null {
  const holds: number[] = [];
  let since: number | null = null;
  for (const { kind, t } of gestures) {
    if (kind === down) since = t;
    if (kind !== up || t === null || since === null) continue;
    if (t >= since && t - since <= LONGEST_HOLD_MS) holds.push(t - since);
    since = null;
  }
  return holds.length < LEAST_HOLDS ? null : holds;
}

/**
 * How much the time from key to key varies while typing; pauses for thought count as one each.
 * A key that is held down repeats by itself like a machine, so that only keys which were let go
 * before count; null where a page does not report that.
 */
export function keyVariation(gestures: readonly Gesture[]): number | null {
  const intervals: number[] = [];
  let last: number | null = null;
  let released = false;
  for (const { kind, t } of gestures) {
    if (kind === 'key-up') released = true;
    if (kind !== 'key-down' || t === null) continue;
    if (last !== null && released && t >= last) intervals.push(t - last);
    [last, released] = [t, false];
  }
  const typed = intervals.filter((ms) => ms <= LONGEST_KEY_PAUSE_MS);
  return typed.length < LEAST_KEYS ? null : robustVariation(typed);
}

/** How different the pauses are, 0 to 1; see `evenness`. */
export function timingEntropy(gestures: readonly Gesture[], restMs: number): number | null {
  const pauses = intervalsOf(gestures).filter((ms) => ms > restMs);
  return pauses.length < LEAST_PAUSES ? null : evenness(pauses);
}

/** A click where it begins: at the button's press, or by itself where presses are not reported. */
interface Landing extends Gesture {
  /** What may have led to it, the latest first: one key, one touch, and last a move. */
  readonly approach: readonly Gesture[];
}

/** One pass that remembers little: two thousand presses must not be looked back from two thousand times. */
function landingsOf(gestures: readonly Gesture[]): Landing[] {
  const landings: Landing[] = [];
  let pressedAt = -Infinity;
  let approach: readonly Gesture[] = [];
  for (const [index, gesture] of gestures.entries()) {
    const { kind } = gesture;
    if (kind === 'press' || kind === 'release') pressedAt = index;
    const alone = kind === 'click' && index - pressedAt > CLICK_AFTER;
    if (kind === 'press' || alone) landings.push({ ...gesture, approach });
    approach = followedBy(approach, gesture);
  }
  return landings;
}

/** A key or touch takes the place of the one before; behind a move nothing counts. */
function followedBy(approach: readonly Gesture[], gesture: Gesture): readonly Gesture[] {
  const { kind } = gesture;
  if (kind === 'move') return [gesture];
  if (!isKey(kind) && !isTouch(kind)) return approach;
  const replaced = isKey(kind) ? isKey : isTouch;
  return [gesture, ...approach.filter((other) => !replaced(other.kind))];
}

const isKey = (kind: Kind) => kind.startsWith('key-');
const isTouch = (kind: Kind) => kind.startsWith('touch-');

function isLedTo(click: Landing, restMs: number): boolean {
  for (const before of click.approach) {
    const ms = click.t === null || before.t === null ? 0 : click.t - before.t;
    if (isKey(before.kind) && ms <= KEY_CLICK_MS) return true;
    if (isTouch(before.kind) && ms <= TOUCH_CLICK_MS) {
      return awayBy(click, before) <= TOUCH_CLICK_PX;
    }
    if (before.kind !== 'move') continue;
    const away = awayBy(click, before);
    // A page that reports rarely has not seen the last bit of the way.
    const unseen = ms <= UNSEEN_RESTS * restMs && away <= FASTEST_PX_MS * ms;
    return away <= IN_PLACE_PX || unseen;
  }
  return false;
}

function awayBy(click: Gesture, before: Gesture): number {
  if (click.x === null || click.y === null || before.x === null || before.y === null) return 0;
  return Math.hypot(click.x - before.x, click.y - before.y);
}
