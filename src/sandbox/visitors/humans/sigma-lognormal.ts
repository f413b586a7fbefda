import type { Dice } from '../dice.js';
import type { Place } from '../recorder.js';

/**
 * One stroke of Plamondon's kinematic theory: the speed is lognormal in time, the direction turns
 * with the share of the way. (Plamondon 1995; O'Reilly and Plamondon 2009.)
 */
interface Lognormal {
  /** When the muscles were told to, in seconds. */
  readonly start: number;
  /** Logarithms of the time delay and of the response time, in seconds. */
  readonly mu: number;
  readonly sigma: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** How a population moves. */
export interface Motor {
  /** Fitts' law: seconds, and seconds a bit. */
  readonly fitts: readonly [number, number];
  readonly sigma: readonly [number, number];
  /** How far the first stroke comes, as a share of the way. */
  readonly reach: readonly [number, number];
  /** Standard deviations of its direction and of its bending, in radians. */
  readonly aim: number;
  readonly bend: number;
  readonly corrections: readonly [number, number];
  /** Tremor, in pixels and Hz; a healthy hand's is slight, at 8 to 12 Hz. */
  readonly tremorPx: number;
  readonly tremorHz: readonly [number, number];
}

/** A movement to a target: where the pointer is after so many seconds, and for how long. */
export interface Movement {
  readonly seconds: number;
  readonly at: (seconds: number) => Place;
}

/** A first stroke that falls short or overshoots, and corrections that begin before it has ended. */
export function movement(dice: Dice, motor: Motor, from: Place, to: Place, size: number): Movement {
  const strokes: Lognormal[] = [];
  const [a, b] = motor.fitts;
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  const duration = dice.lognormal(a + b * Math.log2(1 + way / size), 0.15);
  let aim: Place = from;
  let start = 0;
  let share = 1;
  const corrections = dice.whole(...motor.corrections);
  for (let i = 0; i <= corrections; i++) {
    const [dx, dy] = [to.x - aim.x, to.y - aim.y];
    const rest = Math.hypot(dx, dy);
    if (rest < 2) break;
    const last = i === corrections;
    const length = rest * (last ? dice.normal(1, 0.03) : dice.between(...motor.reach));
    const heading = Math.atan2(dy, dx) + dice.normal(0, last ? 0.03 : motor.aim);
    const bend = dice.normal(0, motor.bend);
    const sigma = dice.between(...motor.sigma);
    const median = (duration * share * dice.between(0.8, 1.2)) / 2;
    const stroke = {
      start: start - median * Math.exp(-3 * sigma),
      mu: Math.log(median),
      sigma,
      length,
      from: heading - bend / 2,
      to: heading + bend / 2,
    };
    strokes.push(stroke);
    const end = placeIn(stroke, Infinity);
    aim = { x: aim.x + end.x, y: aim.y + end.y };
    start += median * dice.between(0.8, 1.6);
    share = dice.between(0.35, 0.7);
  }
  const seconds = Math.max(...strokes.map((s) => s.start + Math.exp(s.mu + 2.5 * s.sigma)));
  const tremble = tremor(dice, motor);
  return {
    seconds,
    at: (s) => {
      const places = [from, ...strokes.map((stroke) => placeIn(stroke, s)), tremble(s)];
      return places.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }));
    },
  };
}

/** How far a stroke has come; the integral of its speed has a closed form. */
function placeIn({ start, mu, sigma, length, from, to }: Lognormal, s: number): Place {
  const share = s <= start ? 0 : normalShare((Math.log(s - start) - mu) / sigma);
  const turn = to - from;
  if (Math.abs(turn) < 1e-6) {
    return { x: length * share * Math.cos(from), y: length * share * Math.sin(from) };
  }
  const heading = from + turn * share;
  const radius = length / turn;
  return {
    x: radius * (Math.sin(heading) - Math.sin(from)),
    y: radius * (Math.cos(from) - Math.cos(heading)),
  };
}

/** Three slowly beating oscillations across and along. */
function tremor(dice: Dice, { tremorPx, tremorHz }: Motor): (seconds: number) => Place {
  const waves = Array.from({ length: 3 }, () => ({
    rate: 2 * Math.PI * dice.between(...tremorHz),
    x: dice.normal(0, tremorPx),
    y: dice.normal(0, tremorPx),
    phase: dice.between(0, 2 * Math.PI),
  }));
  const wave = (s: number) =>
    waves.reduce(
      (sum, { rate, x, y, phase }) => ({
        x: sum.x + x * Math.sin(rate * s + phase),
        y: sum.y + y * Math.sin(rate * s + phase * 2),
      }),
      { x: 0, y: 0 },
    );
  const origin = wave(0);
  return (s) => {
    const now = wave(s);
    return { x: now.x - origin.x, y: now.y - origin.y };
  };
}

/** The standard normal distribution (Abramowitz and Stegun 26.2.17). */
function normalShare(z: number): number {
  if (z === Infinity) return 1;
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z < 0 ? tail : 1 - tail;
}
