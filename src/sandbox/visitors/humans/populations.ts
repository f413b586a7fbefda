import type { PointerUser } from './pointer.js';

/** Office mice at 60 Hz; with `TRACKPAD` the people that the rule set was tuned on. */
export const MOUSE: PointerUser = {
  motor: {
    fitts: [0.2, 0.13],
    sigma: [0.18, 0.35],
    reach: [0.75, 1.05],
    aim: 0.07,
    bend: 0.25,
    corrections: [1, 3],
    tremorPx: 0.15,
    tremorHz: [8, 12],
  },
  movements: [8, 22],
  clicking: 0.5,
  polling: [125, 1_000],
  frames: [60],
  think: 700,
  settle: 160,
  hold: 95,
};

export const TRACKPAD: PointerUser = {
  ...MOUSE,
  motor: { ...MOUSE.motor, fitts: [0.25, 0.16], sigma: [0.2, 0.4], bend: 0.18, tremorPx: 0.1 },
  polling: [120],
  think: 800,
  clutchPx: 420,
};

/** Slower hands, more corrections, more tremor, fewer movements. */
export const OLDER: PointerUser = {
  motor: {
    fitts: [0.4, 0.22],
    sigma: [0.22, 0.45],
    reach: [0.6, 0.95],
    aim: 0.12,
    bend: 0.35,
    corrections: [2, 5],
    tremorPx: 0.4,
    tremorHz: [8, 12],
  },
  movements: [5, 14],
  clicking: 0.6,
  polling: [125],
  frames: [60],
  think: 1_500,
  settle: 320,
  hold: 140,
};

/** Fast straight hands with fast mice and screens. */
export const GAMER: PointerUser = {
  motor: {
    fitts: [0.12, 0.09],
    sigma: [0.12, 0.26],
    reach: [0.88, 1.08],
    aim: 0.04,
    bend: 0.12,
    corrections: [0, 2],
    tremorPx: 0.1,
    tremorHz: [8, 12],
  },
  movements: [6, 16],
  clicking: 0.7,
  polling: [500, 1_000],
  frames: [144, 120, 60],
  think: 350,
  settle: 90,
  hold: 65,
};

export const TRACKPAD_OTHER: PointerUser = {
  ...OLDER,
  motor: {
    ...MOUSE.motor,
    fitts: [0.3, 0.18],
    sigma: [0.15, 0.45],
    bend: 0.3,
    corrections: [1, 4],
  },
  polling: [60, 90],
  think: 600,
  hold: 80,
  clutchPx: 280,
};

/** With the slow, wide tremor of Parkinson's disease. */
export const TREMOR: PointerUser = {
  ...OLDER,
  motor: { ...OLDER.motor, tremorPx: 2, tremorHz: [4, 6] },
  frames: [60, 75],
};
