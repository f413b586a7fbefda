import type { Session, SessionAction } from '../session.js';

export type Kind =
  | 'move'
  | 'press'
  | 'release'
  | 'click'
  | 'touch-start'
  | 'touch-move'
  | 'touch-end'
  | 'key-down'
  | 'key-up'
  | 'scroll';

/** An action whose kind is known. Time in milliseconds; null where the page told none. */
export interface Gesture {
  readonly kind: Kind;
  readonly t: number | null;
  readonly x: number | null;
  readonly y: number | null;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['mousemove', 'move'],
  ['pointermove', 'move'],
  ['mousedown', 'press'],
  ['pointerdown', 'press'],
  ['mouseup', 'release'],
  ['pointerup', 'release'],
  ['click', 'click'],
  ['dblclick', 'click'],
  ['auxclick', 'click'],
  ['touchstart', 'touch-start'],
  ['touchmove', 'touch-move'],
  ['touchend', 'touch-end'],
  ['touchcancel', 'touch-end'],
  ['tap', 'touch-end'],
  ['keydown', 'key-down'],
  ['keyup', 'key-up'],
  ['scroll', 'scroll'],
  ['wheel', 'scroll'],
]);

/** A finger that is reported by pointer events is still a finger: it does not approach its target. */
const BY_FINGER: Readonly<Partial<Record<Kind, Kind>>> = {
  move: 'touch-move',
  press: 'touch-start',
  release: 'touch-end',
};

const FARTHEST = 1_000_000;
const LATEST = 4_000_000_000_000;

/** The actions of a session whose kind is known, in the order in which they were reported. */
export function gesturesOf(session: Session | undefined): Gesture[] {
  const gestures: Gesture[] = [];
  for (const action of session?.actions ?? []) {
    const kind = KINDS.get(action.type) ?? KINDS.get(plainly(action.type));
    if (kind) gestures.push(gesture(kind, action));
  }
  return gestures;
}

/** From each gesture, of a kind if one is named, to the next; steps back in time are left out. */
export function intervalsOf(gestures: readonly Gesture[], of?: Kind): number[] {
  const intervals: number[] = [];
  let last: number | null = null;
  for (const { kind, t } of gestures) {
    if (t === null || (of !== undefined && kind !== of)) continue;
    if (last !== null && t >= last) intervals.push(t - last);
    last = t;
  }
  return intervals;
}

/** `mouse_move` and `MouseMove` are `mousemove`. */
function plainly(type: string): string {
  return type.toLowerCase().replace(/[_.:-]/g, '');
}

function gesture(kind: Kind, action: SessionAction): Gesture {
  return {
    kind: action.pointerType === 'touch' ? (BY_FINGER[kind] ?? kind) : kind,
    t: within(action.t, LATEST),
    x: within(action.x, FARTHEST),
    y: within(action.y, FARTHEST),
  };
}

function within(value: unknown, largest: number): number | null {
  return typeof value === 'number' && Math.abs(value) <= largest ? value : null;
}
