import type { Dice } from '../dice.js';
import { Recorder } from '../recorder.js';

export interface Typist {
  readonly fields: readonly [number, number];
  /** Medians in milliseconds: from key to key, holding a key, between fields. */
  readonly interval: number;
  readonly hold: number;
  readonly think: number;
}

/** A visit without a pointer: Tab from field to field, typing, Enter on the buttons. */
export function keyboardSession(dice: Dice, user: Typist) {
  const recorder = new Recorder();
  let clock = dice.between(800, 4_000);
  const interval = dice.lognormal(user.interval, 0.2);
  const press = (key?: string) => {
    const hold = dice.lognormal(user.hold, 0.25);
    recorder.add('keydown', clock, key === undefined ? {} : { key });
    recorder.add('keyup', clock + hold, key === undefined ? {} : { key });
    return hold;
  };
  for (let i = dice.whole(...user.fields); i > 0; i--) {
    for (let tabs = dice.whole(1, 5); tabs > 0; tabs--) {
      press('Tab');
      clock += dice.lognormal(interval * 1.3, 0.4);
    }
    for (let letters = dice.whole(0, 14); letters > 0; letters--) {
      press();
      clock += dice.lognormal(interval, 0.45);
    }
    if (dice.chance(0.5)) {
      press('Enter');
      recorder.add('click', clock + 1, { x: 0, y: 0 });
    }
    clock += dice.lognormal(user.think, 0.8);
  }
  return recorder.session();
}

/** A visit with a screen reader that presses buttons itself: clicks out of nowhere, at human pace. */
export function screenReaderSession(dice: Dice, thinkMs: number) {
  const recorder = new Recorder();
  let clock = dice.between(2_000, 8_000);
  for (let i = dice.whole(4, 12); i > 0; i--) {
    recorder.click(clock, 0, { x: dice.whole(80, 900), y: dice.whole(80, 700) });
    clock += dice.lognormal(thinkMs, 0.8);
  }
  return recorder.session();
}
