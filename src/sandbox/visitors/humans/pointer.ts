import type { Dice } from '../dice.js';
import { startOf, targetFrom } from '../page.js';
import { type Place, Recorder } from '../recorder.js';
import { type Motor, movement } from './sigma-lognormal.js';

/** A population with its machines. */
export interface PointerUser {
  readonly motor: Motor;
  /** How many movements a visit has, and which share of them ends in a click. */
  readonly movements: readonly [number, number];
  readonly clicking: number;
  /** How often the device reports, and how often the screen is drawn, in Hz. */
  readonly polling: readonly [number, ...number[]];
  readonly frames: readonly [number, ...number[]];
  /** Medians in milliseconds: thinking, aiming before the press, holding the button. */
  readonly think: number;
  readonly settle: number;
  readonly hold: number;
  /** A trackpad's way is gone in pieces, when the finger comes to its edge. */
  readonly clutchPx?: number;
}

/** A visit by someone with a mouse or a trackpad. */
export function pointerSession(dice: Dice, user: PointerUser) {
  const recorder = new Recorder();
  const screen = { polling: dice.pick(user.polling), frames: dice.pick(user.frames) };
  let at = startOf(dice);
  let clock = dice.between(800, 4_000);
  const think = dice.lognormal(user.think, 0.3);
  const movements = dice.whole(...user.movements);
  for (let i = 0; i < movements; i++) {
    const target = targetFrom(dice, at);
    const aim = {
      x: target.x + dice.normal(0, target.size / 6),
      y: target.y + dice.normal(0, target.size / 6),
    };
    for (const goal of clutched(dice, at, aim, user.clutchPx)) {
      const { seconds, at: placeAt } = movement(dice, user.motor, at, goal, target.size);
      at = show(recorder, placeAt, clock, seconds, screen);
      clock += seconds * 1_000 + dice.lognormal(60, 0.3);
    }
    if (dice.chance(user.clicking) || i === movements - 1) {
      clock += dice.lognormal(user.settle, 0.5);
      const hold = dice.lognormal(user.hold, 0.25);
      recorder.click(clock, hold);
      clock += hold;
    }
    if (dice.chance(0.25)) clock = scroll(dice, recorder, clock);
    clock += dice.lognormal(think, 0.8);
  }
  return recorder.session();
}

/**
 * What a page sees of a movement: where the device last reported it before each frame. The report
 * is up to one polling interval older than the frame, and a busy page misses frames.
 */
function show(
  recorder: Recorder,
  placeAt: (seconds: number) => Place,
  clock: number,
  seconds: number,
  { polling, frames }: { readonly polling: number; readonly frames: number },
): Place {
  const frame = 1_000 / frames;
  let at = placeAt(0);
  for (let n = Math.ceil(clock / frame); n * frame < clock + seconds * 1_000; n++) {
    const reported = Math.floor(((n * frame - clock) / 1_000) * polling) / polling;
    at = placeAt(reported);
    recorder.move(n * frame, at);
  }
  return at;
}

function clutched(dice: Dice, from: Place, to: Place, clutchPx: number | undefined): Place[] {
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  const pieces = clutchPx === undefined ? 1 : Math.ceil(way / dice.lognormal(clutchPx, 0.3));
  return Array.from({ length: pieces }, (_, i) => {
    const share = (i + 1) / pieces;
    const stray = i === pieces - 1 ? 0 : way * 0.04;
    return {
      x: from.x + (to.x - from.x) * share + dice.normal(0, stray),
      y: from.y + (to.y - from.y) * share + dice.normal(0, stray),
    };
  });
}

function scroll(dice: Dice, recorder: Recorder, clock: number): number {
  let t = clock + dice.lognormal(300, 0.5);
  for (let i = dice.whole(2, 12); i > 0; i--) {
    recorder.add('wheel', t);
    t += dice.lognormal(60, 0.5);
  }
  return t;
}
