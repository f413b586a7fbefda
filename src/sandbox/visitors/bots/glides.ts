import type { Dice } from '../dice.js';
import type { Place } from '../recorder.js';
import { between, type Glide, type Robot, trembling } from './visit.js';

type Ease = (share: number) => number;

const even: Ease = (s) => s;
const cubic: Ease = (s) => (s < 0.5 ? 4 * s ** 3 : 1 - (2 - 2 * s) ** 3 / 2);
const sine: Ease = (s) => (1 - Math.cos(Math.PI * s)) / 2;
const fadeOut: Ease = (s) => 1 - (1 - s) ** 3;
/** Flash and Hogan (1985): the smoothest way from rest to rest. */
const minimumJerk: Ease = (s) => 10 * s ** 3 - 15 * s ** 4 + 6 * s ** 5;

/** Straight ahead at one speed. */
export const straight: Robot['glide'] = (dice, from, to) => {
  const ms = dice.between(250, 500);
  return { ms, at: (share) => between(from, to, share) };
};

/** Straight ahead, at a speed that changes, on a grid that is not quite met. */
export const straightUneven: Robot['glide'] = (dice, from, to) => {
  const ease = dice.pick([even, sine, fadeOut]);
  const ms = dice.lognormal(500, 0.3);
  const px = dice.between(0, 0.5);
  return { ms, at: (share) => trembling(dice, between(from, to, ease(share)), px) };
};

/** A cubic Bézier curve, eased in and out, each point exactly on it. */
export const bezier: Robot['glide'] = (dice, from, to) => {
  const curve = curveOf(dice, from, to, 0.2);
  return { ms: dice.between(350, 700), at: (share) => curve(cubic(share)) };
};

/** Another curve for each movement, another ease, and noise on every point. */
export const bezierWithNoise: Robot['glide'] = (dice, from, to) => {
  const curve = curveOf(dice, from, to, dice.between(0.05, 0.3));
  const ease = dice.pick([even, sine, fadeOut, cubic]);
  const px = dice.between(0.3, 3);
  const ms = dice.lognormal(600, 0.35);
  return { ms, at: (share) => trembling(dice, curve(ease(share)), px) };
};

/** The smoothest movement, as long as Fitts' law makes it, nearly straight. */
export const smoothest: Robot['glide'] = (dice, from, to, size) => {
  const way = distance(from, to);
  const ms = dice.lognormal(150 + 140 * Math.log2(1 + way / size), 0.15);
  const curve = curveOf(dice, from, to, dice.between(0, 0.12));
  return { ms, at: (share) => curve(minimumJerk(share)) };
};

/** Past the target and back to it, each the smoothest way, on a slow wobble. */
export const overshooting: Robot['glide'] = (dice, from, to) => {
  const past = between(from, to, dice.between(1.04, 1.15));
  const turn = { x: past.x + dice.normal(0, 10), y: past.y + dice.normal(0, 10) };
  const [out, back] = [curveOf(dice, from, turn, 0.06), curveOf(dice, turn, to, 0.2)];
  const first = dice.between(0.6, 0.8);
  const wobble = { px: dice.between(0, 2), rate: dice.between(10, 25) };
  return {
    ms: dice.lognormal(650, 0.25),
    at: (share) => {
      const { x, y } =
        share < first
          ? out(minimumJerk(share / first))
          : back(minimumJerk((share - first) / (1 - first)));
      const off = wobble.px * Math.sin(wobble.rate * share) * (1 - share);
      return { x: x + off, y: y - off };
    },
  };
};

/** Pulled to the target like a weight, blown about by a wind that changes at every step. */
export const windblown: Robot['glide'] = (dice, from, to) => {
  const way = [from];
  const tick = dice.between(6, 12);
  const [pull, gusts, fastest] = [dice.between(5, 10), dice.between(1, 4), dice.between(8, 16)];
  let at = from;
  let speed = { x: 0, y: 0 };
  let wind = { x: 0, y: 0 };
  for (let left = distance(at, to); left > 2 && way.length < 400; left = distance(at, to)) {
    const near = left < 12;
    const gust = () => (near ? 0 : (dice.between(-1, 1) * gusts) / Math.sqrt(5));
    wind = { x: wind.x / Math.sqrt(3) + gust(), y: wind.y / Math.sqrt(3) + gust() };
    const raw = {
      x: speed.x + wind.x + (pull * (to.x - at.x)) / left,
      y: speed.y + wind.y + (pull * (to.y - at.y)) / left,
    };
    const limit = (near ? Math.max(2, left / 3) : fastest) / Math.hypot(raw.x, raw.y);
    speed = limit < 1 ? { x: raw.x * limit, y: raw.y * limit } : raw;
    at = { x: at.x + speed.x, y: at.y + speed.y };
    way.push(at);
  }
  return {
    ms: way.length * tick,
    at: (share) => way[Math.min(way.length - 1, Math.floor(share * way.length))] ?? to,
  };
};

const distance = (a: Place, b: Place): number => Math.hypot(b.x - a.x, b.y - a.y);

/** A cubic Bézier curve whose inner points lie beside the chord, by about `bend` of its length. */
function curveOf(dice: Dice, from: Place, to: Place, bend: number): Glide['at'] {
  const beside = (share: number) => {
    const { x, y } = between(from, to, share);
    const off = dice.normal(0, bend);
    return { x: x - (to.y - from.y) * off, y: y + (to.x - from.x) * off };
  };
  const points = [from, beside(0.33), beside(0.67), to];
  return (share) => {
    const rest = 1 - share;
    const weights = [rest ** 3, 3 * rest ** 2 * share, 3 * rest * share ** 2, share ** 3];
    const sum = (of: (place: Place) => number) =>
      points.reduce((total, place, i) => total + (weights[i] ?? 0) * of(place), 0);
    return { x: sum(({ x }) => x), y: sum(({ y }) => y) };
  };
}
