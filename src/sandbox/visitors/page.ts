import type { Dice } from './dice.js';
import type { Place } from './recorder.js';

/** Where the buttons of a shop lie, and how large they are. */
export interface Target extends Place {
  readonly size: number;
}

const WIDTH = 1_440;
const HEIGHT = 800;
const NEAR = 90;

export function startOf(dice: Dice): Place {
  return { x: dice.between(60, WIDTH - 60), y: dice.between(60, HEIGHT - 60) };
}

/** Another thing to point at, not right beside where the pointer is. */
export function targetFrom(dice: Dice, { x, y }: Place): Target {
  for (;;) {
    const target = { ...startOf(dice), size: dice.between(20, 90) };
    if (Math.hypot(target.x - x, target.y - y) > NEAR) return target;
  }
}
