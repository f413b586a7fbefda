import fc from 'fast-check';
import { QUIET } from '../../../../test/fraud-eval/quiet-history.js';
import type { Session } from '../session.js';
import { assess } from './assess.js';
import { RULE_SET_V1 } from './rule-set-v1.js';
import { type Client, sessionFeatures } from './session-features.js';

const counted = ['actions', 'moves', 'clicks', 'touches', 'keys', 'strokes'];
const marks = ['headless', 'automated', 'script'];

/** Two points to go to and fro, at one speed, with a rest after each way. */
const shuttle = (ways: number): Session => ({
  actions: Array.from({ length: ways }, (_, way) =>
    Array.from({ length: 20 }, (_step, i) => ({
      type: 'mousemove',
      t: way * 1_000 + i * 16,
      x: way % 2 === 0 ? i * 20 : 380 - i * 20,
      y: 100,
    })),
  ).flat(),
});

it('no session tells nothing, and says so with nulls', () => {
  const features = Object.entries(sessionFeatures(undefined, {}));
  for (const [name, value] of features) {
    const nothing = counted.includes(name) ? 0 : marks.includes(name) ? false : null;
    expect([name, value]).toEqual([name, nothing]);
  }
});

it('knows a pointer that goes straight at one speed', () => {
  expect(sessionFeatures(shuttle(4), {})).toMatchObject({
    actions: 80,
    moves: 80,
    strokes: 4,
    straightness: 1,
    bow: 0,
    turning: 0,
    roughnessPx: 0,
    speedVariation: 0,
    edgeSpeed: 1,
    speedPeaks: 1,
    speedSpread: 0,
    intervalVariation: 0,
  });
});

it('one stroke has no shape to judge by, three do not compare', () => {
  expect(sessionFeatures(shuttle(1), {})).toMatchObject({ strokes: 1, bow: null, edgeSpeed: null });
  expect(sessionFeatures(shuttle(3), {})).toMatchObject({ bow: 0, speedSpread: null });
});

it('reads the names of actions however a page writes them, and mouse and pointer events once', () => {
  const { actions = [] } = shuttle(4);
  const renamed = actions.map((action) => ({ ...action, type: 'Mouse_Move' }));
  const twice = actions.flatMap((action) => [action, { ...action, type: 'pointermove' }]);
  const once = sessionFeatures({ actions }, {});
  expect(sessionFeatures({ actions: renamed }, {})).toEqual(once);
  const told = { actions: 160, moves: 160 };
  expect(sessionFeatures({ actions: twice }, {})).toEqual({ ...once, ...told });
});

it('a short report of a few actions is approved', () => {
  const actions = Array.from({ length: 8 }, (_, i) => ({
    type: i % 4 === 3 ? 'click' : 'mousemove',
    t: 1_000 + i * 137,
    x: 100 + i * 31,
    y: 200 + i * 17,
  }));
  const session = sessionFeatures({ actions }, {});
  expect(assess({ session, history: QUIET }, RULE_SET_V1).decision).toBe('approve');
});

describe('whatever a page reports', () => {
  const member = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
  const number = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -5_000, max: 5_000 }),
    fc.constantFrom(-0, 1e308, -1e6, 1e6, 5e-324),
  );
  const type = fc.oneof(
    fc.constantFrom('mousemove', 'mousedown', 'mouseup', 'click', 'keydown', 'keyup'),
    fc.constantFrom('touchstart', 'touchend', 'wheel', 'pointermove', 'constructor'),
    fc.string(),
  );
  const action = fc
    .tuple(
      type,
      fc.dictionary(fc.string(), member),
      fc.record({ t: number, x: number, y: number }, { requiredKeys: [] }),
    )
    .map(([name, more, place]) => ({ ...more, ...place, type: name }));
  const session: fc.Arbitrary<Session> = fc.record(
    {
      actions: fc.array(action, { maxLength: 120, size: 'max' }),
      browserFeatures: fc.dictionary(fc.string(), member),
    },
    { requiredKeys: [] },
  );
  const client: fc.Arbitrary<Client> = fc.record(
    { userAgent: fc.string(), clientHints: fc.dictionary(fc.string(), fc.string()) },
    { requiredKeys: [] },
  );

  it('features are finite, come back from JSON as they were, and give the same verdict', () => {
    fc.assert(
      fc.property(session, client, (reported, sender) => {
        const features = sessionFeatures(reported, sender);
        const back = JSON.parse(JSON.stringify(features)) as typeof features;
        expect(back).toEqual(features);
        for (const value of Object.values(features)) {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
        const judge = (found: typeof features) =>
          JSON.stringify(assess({ session: found, history: QUIET }, RULE_SET_V1));
        expect(judge(back)).toBe(judge(features));
      }),
    );
  });
});
