import { RULE_SET_V1 } from './scoring/index.js';
import { keptLimits, MOST_COUNTED, waitOf } from './velocity.js';

it('every limit of the first rule set tells the wait of what it counts', () => {
  for (const { feature, windowSeconds } of RULE_SET_V1.velocity) {
    expect([feature, windowSeconds]).toEqual([feature, waitOf(feature)]);
  }
});

it('every limit of the first rule set is kept in the transaction, users of a card among them', () => {
  const kept = keptLimits(RULE_SET_V1);
  expect(kept).toHaveLength(RULE_SET_V1.velocity.length);
  expect(kept.at(-1)).toEqual({ of: 'cardUsers', seconds: 2_592_000, allowed: 3 });
});

it('a limit that counting never reaches is none to keep', () => {
  const limits = RULE_SET_V1.velocity.map((limit) => ({ ...limit, allowed: MOST_COUNTED }));
  expect(keptLimits({ ...RULE_SET_V1, velocity: limits })).toEqual([]);
});
