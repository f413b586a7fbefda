import type { Dice } from '../dice.js';
import { startOf, targetFrom } from '../page.js';
import { type Place, Recorder } from '../recorder.js';

/** How a program moves the pointer: where it is after a share of the time, and for how long. */
export interface Glide {
  readonly ms: number;
  readonly at: (share: number) => Place;
}

export interface Robot {
  readonly glide: (dice: Dice, from: Place, to: Place, size: number) => Glide;
  /** Milliseconds to the next report, to the next movement, and from press to release. */
  readonly tick: (dice: Dice) => number;
  readonly wait: (dice: Dice) => number;
  readonly hold: (dice: Dice) => number;
  readonly movements: readonly [number, number];
  readonly clicking: number;
}

/** Waits and holds like a person's: what a careful program adds first. */
export const CAREFUL = {
  wait: (dice: Dice) => dice.lognormal(700, 0.8),
  hold: (dice: Dice) => dice.lognormal(90, 0.25),
  movements: [6, 18],
  clicking: 0.6,
} as const;

/** What a simple script does. */
export const SIMPLE = {
  wait: (dice: Dice) => dice.between(480, 520),
  hold: () => 0,
  movements: [4, 12],
  clicking: 1,
} as const;

/** A visit by a program that moves the pointer to what it presses. */
export function robotSession(dice: Dice, robot: Robot) {
  const recorder = new Recorder();
  let at = startOf(dice);
  let clock = dice.between(500, 3_000);
  for (let i = dice.whole(...robot.movements); i > 0; i--) {
    const target = targetFrom(dice, at);
    const { ms, at: placeAt } = robot.glide(dice, at, target, target.size);
    for (let t = 0; t < ms; t += robot.tick(dice)) recorder.move(clock + t, placeAt(t / ms));
    at = target;
    clock += ms;
    recorder.move(clock, at);
    if (dice.chance(robot.clicking) || i === 1) {
      clock += robot.wait(dice) / 5;
      const hold = robot.hold(dice);
      recorder.click(clock, hold);
      clock += hold;
    }
    clock += robot.wait(dice);
  }
  return recorder.session();
}

export function between(from: Place, to: Place, share: number): Place {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

export function trembling(dice: Dice, { x, y }: Place, px: number): Place {
  return { x: x + dice.normal(0, px), y: y + dice.normal(0, px) };
}
