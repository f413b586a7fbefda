import { median } from './statistics.js';
import { chordOf, distance, type Point, steps, type Stroke } from './strokes.js';

/** Shorter steps have no direction on a grid of whole pixels. */
const DIRECTED_PX = 10;
const LEAST_STEP_PX = 4;
const LEAST_RESIDUALS = 15;
/** Beyond this ratio of neighbouring intervals the prediction says more of them than of the path. */
const UNEVEN = 3;
/** Median absolute value to standard deviation, for normal noise. */
const NORMAL_MEDIAN = 0.6745;

/** Chord over way: 1 is straight. */
export function straightnessOf(stroke: Stroke): number {
  const way = steps(stroke).reduce((sum, [a, b]) => sum + distance(a, b), 0);
  return way === 0 ? 1 : chordOf(stroke) / way;
}

/** The farthest that the path is from its chord, over the chord's length. */
export function bowOf(stroke: Stroke): number {
  const [first, last] = [stroke[0], stroke.at(-1)];
  const chord = chordOf(stroke);
  if (!first || !last || chord === 0) return 0;
  const away = stroke.map((p) => Math.abs(cross(first, last, p)) / chord);
  return Math.max(...away) / chord;
}

/** The sum of all turns in radians, left and right alike, over steps of ten pixels or more. */
export function turningOf(stroke: Stroke): number {
  const corners: Point[] = [];
  for (const point of stroke) {
    const last = corners.at(-1);
    if (!last || distance(last, point) >= DIRECTED_PX) corners.push(point);
  }
  const headings = steps(corners).map(([a, b]) => Math.atan2(b.y - a.y, b.x - a.x));
  const turns = headings.slice(1).map((heading, i) => heading - (headings[i] ?? heading));
  return turns.reduce((sum, turn) => sum + Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))), 0);
}

/**
 * The noise across the path in pixels, as a standard deviation: how far each point lies beside the
 * parabola in time through its neighbours. Limbs are heavy and move smoothly, so what a person adds
 * from one frame to the next is about what whole pixels add (0.3); noise that is added to computed
 * points shows in full. Along the path nothing is measured, since there the clock's noise shows.
 */
export function roughnessOf(strokes: readonly Stroke[]): number | null {
  const residuals: number[] = [];
  for (const stroke of strokes) {
    for (let i = 2; i < stroke.length - 1; i++) {
      const [a, b, at, c] = [stroke[i - 2], stroke[i - 1], stroke[i], stroke[i + 1]];
      const beside = a && b && at && c ? residual(a, b, at, c) : null;
      if (beside !== null) residuals.push(beside);
    }
  }
  const middle = residuals.length < LEAST_RESIDUALS ? null : median(residuals);
  return middle === null ? null : middle / NORMAL_MEDIAN;
}

function residual(a: Point, b: Point, at: Point, c: Point): number | null {
  const [first, second, third] = [b.t - a.t, at.t - b.t, c.t - at.t];
  const span = distance(b, c);
  const uneven = Math.max(first, second, third) > UNEVEN * Math.min(first, second, third);
  if (span < LEAST_STEP_PX || uneven) return null;
  const wa = (-second * third) / (first * (first + second + third));
  const wb = ((first + second) * third) / (first * (second + third));
  const wc = ((first + second) * second) / ((first + second + third) * (second + third));
  const x = wa * a.x + wb * b.x + wc * c.x;
  const y = wa * a.y + wb * b.y + wc * c.y;
  const beside = (c.x - b.x) * (at.y - y) - (c.y - b.y) * (at.x - x);
  return Math.abs(beside) / span / Math.sqrt(1 + wa * wa + wb * wb + wc * wc);
}

/** Twice the area of the triangle, positive to one side of `a`–`b`. */
function cross(a: Point, b: Point, p: Point): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}
