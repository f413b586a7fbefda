import { deviation, mean } from './statistics.js';
import { distance, type Point, type Stroke } from './strokes.js';

const BINS = 10;
/** A slower moment between two faster ones separates them if it loses so much of the lower one. */
const DIP = 0.15;

/** A stroke's speed over its time, in tenths, relative to its mean; null when it takes no time. */
export function profileOf(stroke: Stroke): number[] | null {
  const [first, last] = [stroke[0], stroke.at(-1)];
  if (!first || !last || last.t <= first.t) return null;
  const marks = Array.from({ length: BINS + 1 }, (_, i) =>
    placeAt(stroke, first.t + ((last.t - first.t) * i) / BINS),
  );
  const ways = marks.slice(1).map((mark, i) => distance(marks[i] ?? mark, mark));
  const middle = mean(ways);
  return middle === 0 ? null : ways.map((way) => way / middle);
}

/** Where the pointer was at `t`, between the points that were reported. */
function placeAt(stroke: Stroke, t: number): Point {
  const [first, last] = [stroke[0], stroke.at(-1)];
  const index = stroke.findIndex((point) => point.t >= t);
  const [a, b] = [stroke[index - 1] ?? first, stroke[index] ?? last];
  if (!a || !b) return { t, x: 0, y: 0 };
  const share = b.t === a.t ? 0 : (t - a.t) / (b.t - a.t);
  return { t, x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** How differently the strokes run: the deviation among them, tenth by tenth. */
export function spreadOf(profiles: readonly (readonly number[])[]): number {
  const tenths = Array.from({ length: BINS }, (_, i) => profiles.map((profile) => profile[i] ?? 0));
  return mean(tenths.map(deviation));
}

/** Speed at both ends relative to the mean: a hand starts and stops, a formula may not. */
export function edgeOf(profile: readonly number[]): number {
  return ((profile[0] ?? 0) + (profile.at(-1) ?? 0)) / 2;
}

/** How often the pointer sped up anew: a person corrects on the way. */
export function peaksOf(profile: readonly number[]): number {
  let peaks = 0;
  let [top, low, rising] = [0, 0, true];
  for (const speed of profile) {
    if (rising) {
      top = Math.max(top, speed);
      if (speed < top - DIP) [peaks, low, rising] = [peaks + 1, speed, false];
    } else {
      low = Math.min(low, speed);
      if (speed > low + DIP) [top, rising] = [speed, true];
    }
  }
  return rising ? peaks + 1 : peaks;
}
