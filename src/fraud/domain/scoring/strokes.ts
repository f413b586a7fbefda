import { type Gesture, intervalsOf } from './gestures.js';
import { median } from './statistics.js';

/** Where the pointer was, in CSS pixels, and when, in milliseconds. */
export interface Point {
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

/** A movement without rest, of at least two points in the order of time. */
export type Stroke = readonly Point[];

/** The shortest rest that ends a stroke; a page that reports rarely needs a longer one. */
const REST_MS = 100;
const REST_INTERVALS = 4;

const LEAST_POINTS = 6;
const LEAST_PX = 60;

/** The pointer's movements between its rests (see `restOf`) and clicks. */
export function strokesOf(gestures: readonly Gesture[], restMs: number): Stroke[] {
  const strokes: Point[][] = [];
  let current: Point[] = [];
  const end = () => {
    if (current.length > 1) strokes.push(current);
    current = [];
  };
  for (const { kind, t, x, y } of gestures) {
    if (kind !== 'move') {
      end();
    } else if (t !== null && x !== null && y !== null) {
      const last = current.at(-1);
      if (last && (t < last.t || t - last.t > restMs)) end();
      // Mouse and pointer events report the same instant twice.
      if (last?.t === t) current.pop();
      current.push({ t, x, y });
    }
  }
  end();
  return strokes;
}

/** For how long, in milliseconds, nothing must happen for a stroke, or a thought, to have ended. */
export function restOf(gestures: readonly Gesture[]): number {
  const intervals = intervalsOf(gestures, 'move');
  return Math.max(REST_MS, REST_INTERVALS * (median(intervals) ?? 0));
}

/** Is the stroke long enough, in pixels and points, to have a shape? */
export function hasShape(stroke: Stroke): boolean {
  return stroke.length >= LEAST_POINTS && chordOf(stroke) >= LEAST_PX;
}

/** From the first point straight to the last one. */
export function chordOf(stroke: Stroke): number {
  const [first, last] = [stroke[0], stroke.at(-1)];
  return first && last ? distance(first, last) : 0;
}

export function distance(a: Point, b: Point): number {
  // Math.hypot guards against overflow, which coordinates cannot reach, at many times the cost.
  return Math.sqrt((b.x - a.x) ** 2 + (b.y - a.y) ** 2);
}

/** Pairs of neighbours. */
export function steps(stroke: Stroke): (readonly [Point, Point])[] {
  return stroke.slice(1).map((point, index) => [stroke[index] ?? point, point]);
}
