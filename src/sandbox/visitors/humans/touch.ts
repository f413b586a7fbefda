import type { Dice } from '../dice.js';
import { startOf } from '../page.js';
import { Recorder } from '../recorder.js';

export interface TouchUser {
  readonly gestures: readonly [number, number];
  /** Medians in milliseconds. */
  readonly think: number;
  readonly tap: number;
  readonly swipe: number;
}

/** A visit by someone with a phone: swipes to scroll, taps to choose. No pointer approaches. */
export function touchSession(dice: Dice, user: TouchUser) {
  const recorder = new Recorder();
  let clock = dice.between(800, 4_000);
  for (let i = dice.whole(...user.gestures); i > 0; i--) {
    const at = startOf(dice);
    recorder.add('touchstart', clock, whole(at));
    if (dice.chance(0.6)) {
      const duration = dice.lognormal(user.swipe, 0.3);
      const [rise, drift] = [dice.normal(-260, 120), dice.normal(0, 25)];
      for (let t = 16; t < duration; t += 1_000 / 60) {
        const share = (t / duration) ** 1.3;
        const place = { x: at.x + drift * share ** 2, y: at.y + rise * share };
        recorder.add('touchmove', clock + t, whole(place));
      }
      clock += duration;
      recorder.add('touchend', clock);
    } else {
      clock += dice.lognormal(user.tap, 0.25);
      recorder.add('touchend', clock, whole(at));
      recorder.add('click', clock + dice.between(0, 30), whole(at));
    }
    clock += dice.lognormal(user.think, 0.8);
  }
  return recorder.session();
}

const whole = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  x: Math.round(x),
  y: Math.round(y),
});
