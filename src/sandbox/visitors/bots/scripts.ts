import type { Session } from '../../../fraud/fraud.contract.js';
import type { Dice } from '../dice.js';
import { startOf } from '../page.js';
import { type Place, Recorder } from '../recorder.js';

/** Clicks where the buttons are, without a way there. */
export function teleportingSession(dice: Dice) {
  const recorder = new Recorder();
  let clock = dice.between(200, 1_500);
  const pause = dice.pick([60, 120, 300, 1_000]);
  for (let i = dice.whole(5, 14); i > 0; i--) {
    recorder.click(clock, 0, startOf(dice));
    clock += pause + dice.between(0, 12);
  }
  return recorder.session();
}

/** Tab and Enter from a script: a rhythm with a little noise. */
export function typingSession(dice: Dice, noise: (dice: Dice) => number) {
  const recorder = new Recorder();
  let clock = dice.between(200, 1_500);
  const pause = dice.between(40, 150);
  const hold = dice.between(0, 40);
  for (let fields = dice.whole(3, 8); fields > 0; fields--) {
    for (let keys = dice.whole(3, 14); keys > 0; keys--) {
      recorder.add('keydown', clock, keys === 1 ? { key: 'Tab' } : {});
      recorder.add('keyup', clock + hold, keys === 1 ? { key: 'Tab' } : {});
      clock += pause * Math.max(0.2, noise(dice));
    }
    recorder.add('click', clock + 1, { x: 0, y: 0 });
    clock += dice.between(400, 600);
  }
  return recorder.session();
}

/** A person's visit played again, elsewhere and at another pace, with noise on places and times. */
export function replayedSession(dice: Dice, visit: Session): Session {
  const shift = { x: dice.between(-60, 60), y: dice.between(-60, 60) };
  const pace = dice.between(0.85, 1.2);
  const [px, ms] = [dice.between(0.3, 2), dice.between(0.5, 4)];
  const recorder = new Recorder();
  let pointer: Place | undefined;
  for (const { type, t, x, y } of visit.actions ?? []) {
    const at = typeof t === 'number' ? t * pace + dice.normal(0, ms) : 0;
    if (type === 'mousemove' && typeof x === 'number' && typeof y === 'number') {
      pointer = { x: x + shift.x + dice.normal(0, px), y: y + shift.y + dice.normal(0, px) };
      recorder.move(at, pointer);
    } else {
      recorder.add(type, at, pointer && { x: Math.round(pointer.x), y: Math.round(pointer.y) });
    }
  }
  return recorder.session();
}
