import {
  bezier,
  bezierWithNoise,
  overshooting,
  smoothest,
  straight,
  straightUneven,
  windblown,
} from '../../src/sandbox/visitors/bots/glides.js';
import {
  replayedSession,
  teleportingSession,
  typingSession,
} from '../../src/sandbox/visitors/bots/scripts.js';
import { CAREFUL, robotSession, SIMPLE } from '../../src/sandbox/visitors/bots/visit.js';
import type { Dice } from '../../src/sandbox/visitors/dice.js';
import type { Family } from './family.js';
import {
  keyboardSession,
  screenReaderSession,
} from '../../src/sandbox/visitors/humans/keyboard.js';
import { pointerSession } from '../../src/sandbox/visitors/humans/pointer.js';
import {
  GAMER,
  MOUSE,
  OLDER,
  TRACKPAD,
  TRACKPAD_OTHER,
  TREMOR,
} from '../../src/sandbox/visitors/humans/populations.js';
import { touchSession } from '../../src/sandbox/visitors/humans/touch.js';

const human = (role: Family['role'], name: string, session: Family['session']): Family => ({
  name,
  kind: 'human',
  role,
  session,
});
const bot = (role: Family['role'], name: string, session: Family['session']): Family => ({
  name,
  kind: 'bot',
  role,
  session,
});

const frames = (dice: Dice) => dice.pick([16, 17, 17]);
const timers = (dice: Dice) => dice.between(6, 18);

/**
 * Everyone who visits the shop. The rule set was tuned on the families of that role. Of the others the
 * people move by the same formula, as other populations on other machines; some bots move by another
 * formula (minimum jerk, overshooting, windblown), some by the same one with another ease and other
 * noise (linear-uneven, bezier-noise, typing-normal). Page, clock and careful waits are everyone's.
 */
export const FAMILIES: readonly Family[] = [
  human('tuning', 'mouse', (dice) => pointerSession(dice, MOUSE)),
  human('tuning', 'trackpad', (dice) => pointerSession(dice, TRACKPAD)),
  human('tuning', 'touch', (dice) =>
    touchSession(dice, { gestures: [8, 30], think: 1_100, tap: 85, swipe: 260 }),
  ),
  human('tuning', 'keyboard', (dice) =>
    keyboardSession(dice, { fields: [3, 8], interval: 190, hold: 95, think: 900 }),
  ),
  bot('tuning', 'linear', (dice) =>
    robotSession(dice, { ...SIMPLE, glide: straight, tick: () => 10 }),
  ),
  bot('tuning', 'linear-careful', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: straight, tick: frames }),
  ),
  bot('tuning', 'bezier', (dice) =>
    robotSession(dice, { ...SIMPLE, glide: bezier, tick: () => 8 }),
  ),
  bot('tuning', 'bezier-careful', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: bezier, tick: frames }),
  ),
  bot('tuning', 'teleport', teleportingSession),
  bot('tuning', 'typing', (dice) => typingSession(dice, () => dice.between(0.9, 1.1))),

  human('unseen', 'mouse-older', (dice) => pointerSession(dice, OLDER)),
  human('unseen', 'mouse-fast', (dice) => pointerSession(dice, GAMER)),
  human('unseen', 'mouse-tremor', (dice) => pointerSession(dice, TREMOR)),
  human('unseen', 'trackpad-other', (dice) => pointerSession(dice, TRACKPAD_OTHER)),
  human('unseen', 'touch-other', (dice) =>
    touchSession(dice, { gestures: [3, 60], think: 600, tap: 60, swipe: 180 }),
  ),
  human('unseen', 'keyboard-fast', (dice) =>
    keyboardSession(dice, { fields: [2, 10], interval: 110, hold: 70, think: 500 }),
  ),
  human('unseen', 'keyboard-slow', (dice) =>
    keyboardSession(dice, { fields: [2, 5], interval: 420, hold: 140, think: 2_500 }),
  ),
  human('unseen', 'screen-reader', (dice) => screenReaderSession(dice, 2_500)),
  bot('unseen', 'linear-uneven', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: straightUneven, tick: timers }),
  ),
  bot('unseen', 'bezier-noise', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: bezierWithNoise, tick: timers }),
  ),
  bot('unseen', 'minimum-jerk', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: smoothest, tick: frames }),
  ),
  bot('unseen', 'overshooting', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: overshooting, tick: frames }),
  ),
  bot('unseen', 'windblown', (dice) =>
    robotSession(dice, { ...CAREFUL, glide: windblown, tick: timers }),
  ),
  bot('unseen', 'typing-normal', (dice) => {
    const deviation = dice.between(0.05, 0.2);
    return typingSession(dice, () => dice.normal(1, deviation));
  }),
  bot('apart', 'replay-jitter', (dice) =>
    replayedSession(dice, pointerSession(dice, dice.pick([OLDER, GAMER, TRACKPAD_OTHER]))),
  ),
];
