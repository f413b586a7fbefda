import { sha256 } from '../../../kernel/crypto/digest.js';
import { parseRuleSet } from './rule-set.js';
import { RULE_SET_V1 } from './rule-set-v1.js';

const [first] = RULE_SET_V1.bot.indicators;
const withIndicator = (over: object) => ({
  ...RULE_SET_V1,
  bot: { ...RULE_SET_V1.bot, indicators: [{ ...first, ...over }] },
});

it('the first rule set is one, also after JSON', () => {
  expect(parseRuleSet(JSON.parse(JSON.stringify(RULE_SET_V1)))).toEqual(RULE_SET_V1);
});

it('the first rule set never changes: decisions are replayed by it, so that a change is another set', () => {
  expect(sha256(JSON.stringify(RULE_SET_V1)).toString('hex')).toBe(
    '13c5264e598797163e3a93bfb947687ac67e0a3bba8677200b4dae266770e477',
  );
});

it('has the bounds of the specification', () => {
  expect(RULE_SET_V1.bot.bands.decline).toBe(0.7);
  expect(RULE_SET_V1.scalper.bands.decline).toBe(0.7);
  const hourly = RULE_SET_V1.scalper.indicators.find(({ name }) => name === 'many_purchases');
  expect(hourly).toMatchObject({ feature: 'purchasesUserHour', from: 5 });
});

it('names no indicator and no limit twice', () => {
  const { bot, scalper, velocity } = RULE_SET_V1;
  for (const list of [bot.indicators, scalper.indicators, velocity]) {
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  }
});

it.each<[string, unknown]>([
  ['nothing', null],
  ['no version', { ...RULE_SET_V1, version: '' }],
  ['an unknown member', { ...RULE_SET_V1, more: 1 }],
  ['a feature that nobody measures', withIndicator({ feature: 'mood' })],
  ["a feature of another's", withIndicator({ feature: 'usersOfCard' })],
  ['a feature that every object has', withIndicator({ feature: 'constructor' })],
  ['a weight above 1', withIndicator({ weight: 1.01 })],
  ['a negative weight', withIndicator({ weight: -0.1 })],
  ['a threshold without width', withIndicator({ from: 1, to: 1 })],
  ['a threshold that is no number', withIndicator({ from: '0' })],
  [
    'bands that do not ascend',
    {
      ...RULE_SET_V1,
      bot: { ...RULE_SET_V1.bot, bands: { challenge: 0.6, review: 0.5, decline: 0.7 } },
    },
  ],
  [
    'a limit on what is no count',
    { ...RULE_SET_V1, velocity: [{ ...RULE_SET_V1.velocity[0], feature: 'highDemand' }] },
  ],
  ['half a purchase', { ...RULE_SET_V1, velocity: [{ ...RULE_SET_V1.velocity[0], allowed: 1.5 }] }],
])('refuses %s', (_what, value) => {
  expect(() => parseRuleSet(value)).toThrow();
});
