import { gesturesOf } from './gestures.js';
import {
  clickIntervalMs,
  clicksWithoutMovement,
  holdsOf,
  keyVariation,
  timingEntropy,
} from './rhythm.js';
import type { SessionAction } from '../session.js';

const REST = 100;
const of = (actions: readonly SessionAction[]) => gesturesOf({ actions });
const repeat = (count: number, each: (i: number) => readonly SessionAction[]) =>
  of(Array.from({ length: count }, (_, i) => each(i)).flat());

describe('clicks without movement', () => {
  const share = (each: (i: number, t: number) => readonly SessionAction[]) =>
    clicksWithoutMovement(
      repeat(4, (i) => each(i, i * 5_000)),
      REST,
    );
  const click = (t: number, x: number) => [
    { type: 'mousedown', t, x, y: 9 },
    { type: 'mouseup', t: t + 80, x, y: 9 },
    { type: 'click', t: t + 80, x, y: 9 },
  ];

  it.each<[string, (i: number, t: number) => readonly SessionAction[], number]>([
    [
      'where the pointer came to rest',
      (i, t) => [{ type: 'mousemove', t, x: i * 90, y: 9 }, ...click(t + 900, i * 90)],
      0,
    ],
    [
      'far from where it was seen',
      (i, t) => [{ type: 'mousemove', t, x: 0, y: 9 }, ...click(t + 900, 200 + i)],
      1,
    ],
    [
      'a little further on, at once',
      (i, t) => [{ type: 'mousemove', t, x: 0, y: 9 }, ...click(t + 30, 60)],
      0,
    ],
    [
      'further than any hand, at once',
      (i, t) => [{ type: 'mousemove', t, x: 0, y: 9 }, ...click(t + 30, 400)],
      1,
    ],
    ['out of nowhere', (i, t) => click(t, i * 90), 1],
    [
      'by a finger',
      (i, t) => [
        { type: 'touchstart', t, x: 3, y: 9 },
        { type: 'touchend', t: t + 80, x: 3, y: 9 },
        { type: 'click', t: t + 90, x: 3, y: 9 },
      ],
      0,
    ],
    [
      'by a finger that is told by pointer events',
      (i, t) => [
        { type: 'pointerdown', pointerType: 'touch', t, x: 3, y: 9 },
        { type: 'pointerup', pointerType: 'touch', t: t + 80, x: 3, y: 9 },
        { type: 'click', t: t + 90, x: 3, y: 9 },
      ],
      0,
    ],
    [
      'far from the finger',
      (i, t) => [
        { type: 'touchstart', t, x: 3, y: 9 },
        { type: 'click', t: t + 90, x: 300, y: 9 },
      ],
      1,
    ],
    [
      'by a key',
      (i, t) => [
        { type: 'keydown', t, key: 'Enter' },
        { type: 'click', t: t + 1, x: 0, y: 0 },
      ],
      0,
    ],
    [
      'long after a key',
      (i, t) => [
        { type: 'keydown', t, key: 'Enter' },
        { type: 'click', t: t + 900, x: 0, y: 0 },
      ],
      1,
    ],
  ])('%s', (_where, each, expected) => {
    expect(share(each)).toBe(expected);
  });

  it('by a key, though a finger came in between long ago', () => {
    const each = (_i: number, t: number) => [
      { type: 'touchstart', t: t - 2_000, x: 500, y: 9 },
      { type: 'keydown', t, key: 'Enter' },
      { type: 'scroll', t: t + 1 },
      ...click(t + 2, 40),
    ];
    expect(share(each)).toBe(0);
  });

  it('of a hostile session cost one look at each gesture, not one for each pair', () => {
    const presses = repeat(2_000, (i) => [{ type: 'mousedown', t: i, x: i, y: 9 }]);
    let looks = 0;
    const watched = new Proxy(presses, {
      get: (list, member) => {
        if (typeof member === 'string' && /^\d+$/.test(member)) looks += 1;
        return Reflect.get(list, member) as unknown;
      },
    });
    expect(clicksWithoutMovement(watched, REST)).toBe(1);
    expect(looks).toBeLessThanOrEqual(2 * presses.length);
  });

  it('count by share, and not at all when they are few', () => {
    const mixed = (i: number) => [
      { type: 'mousemove', t: i * 5_000, x: 0, y: 9 },
      ...click(i * 5_000 + 900, i === 0 ? 300 : 0),
    ];
    expect(clicksWithoutMovement(repeat(4, mixed), REST)).toBe(0.25);
    expect(clicksWithoutMovement(repeat(2, mixed), REST)).toBeNull();
  });

  it('a page that reports rarely has not seen the last bit of the way', () => {
    const rarely = (i: number) => [
      { type: 'mousemove', t: i * 5_000, x: 0, y: 9 },
      ...click(i * 5_000 + 140, 60),
    ];
    expect(clicksWithoutMovement(repeat(4, rarely), 400)).toBe(0);
    expect(clicksWithoutMovement(repeat(4, rarely), REST)).toBe(1);
  });
});

it('clicks follow each other by press, or by click where presses are not told', () => {
  const pressed = repeat(5, (i) => [
    { type: 'mousedown', t: i * 90 },
    { type: 'mouseup', t: i * 90 + 20 },
    { type: 'click', t: i * 90 + 20 },
  ]);
  expect(clickIntervalMs(pressed)).toBe(90);
  expect(clickIntervalMs(repeat(5, (i) => [{ type: 'click', t: i * 70 }]))).toBe(70);
  expect(clickIntervalMs(repeat(3, (i) => [{ type: 'click', t: i * 70 }]))).toBeNull();
});

it('holds last from press to release; lost releases and long ones are left out', () => {
  const holds = of([
    { type: 'mousedown', t: 0 },
    { type: 'mousedown', t: 100 },
    { type: 'mouseup', t: 180 },
    { type: 'mouseup', t: 190 },
    ...[300, 5_000, 9_000].flatMap((t) => [
      { type: 'mousedown', t },
      { type: 'mouseup', t: t === 5_000 ? t + 2_000 : t + 90 },
    ]),
  ]);
  expect(holdsOf(holds, 'press', 'release')).toEqual([80, 90, 90]);
  expect(holdsOf(holds.slice(0, 4), 'press', 'release')).toBeNull();
});

describe('typing', () => {
  const typed = (interval: (i: number) => number, withUps = true) => {
    let t = 0;
    return repeat(20, (i) => {
      t += interval(i);
      const down = { type: 'keydown', t };
      return withUps ? [down, { type: 'keyup', t: t + 40 }] : [down];
    });
  };

  it('is even or not; a pause for thought does not make it uneven', () => {
    expect(keyVariation(typed(() => 100))).toBe(0);
    expect(keyVariation(typed((i) => (i === 9 ? 1_500 : 100)))).toBe(0);
    expect(keyVariation(typed((i) => 80 + (i % 5) * 40)) ?? 0).toBeGreaterThan(0.3);
  });

  it('says nothing of a key that repeats because it is held', () => {
    expect(keyVariation(typed(() => 33, false))).toBeNull();
  });
});

it('pauses are alike or not; what is no pause does not count', () => {
  const paused = (pause: (i: number) => number) => {
    let t = 0;
    return repeat(12, (i) => {
      t += pause(i);
      return [
        { type: 'wheel', t },
        { type: 'wheel', t: t + 20 },
      ];
    });
  };
  expect(
    timingEntropy(
      paused(() => 500),
      REST,
    ),
  ).toBe(0);
  expect(
    timingEntropy(
      paused((i) => 200 * 1.5 ** i),
      REST,
    ) ?? 0,
  ).toBeGreaterThan(0.95);
  expect(
    timingEntropy(
      paused(() => 60),
      REST,
    ),
  ).toBeNull();
});
