import { isRefusal } from '../../kernel/errors.js';
import { readRules } from './read-rules.js';
import { RULE_SET_V1, type RuleSet } from './scoring/index.js';

const { version: _, ...RULES } = RULE_SET_V1;

function faults(rules: object, version = 'strict'): Record<string, string> {
  const read = readRules(version, rules);
  if (!isRefusal(read)) return {};
  expect(read.refused).toBe('VALIDATION_ERROR');
  return Object.fromEntries(read.errors?.map(({ field, message }) => [field, message]) ?? []);
}

const withLimit = (over: Partial<RuleSet['velocity'][number]>) => ({
  ...RULES,
  velocity: [
    { name: 'user_hour', feature: 'purchasesUserHour', allowed: 5, windowSeconds: 3_600, ...over },
  ],
});

const WINDOW = 'rules.velocity.0.windowSeconds';

it('takes the first rule set under another name', () => {
  expect(readRules('strict', RULES)).toEqual({ ...RULE_SET_V1, version: 'strict' });
});

it.each<[string, object, string]>([
  ['nothing', {}, 'rules.bot'],
  ['a member that nobody knows', { ...RULES, more: 1 }, 'rules'],
  ['limits that are none', { ...RULES, velocity: 1 }, 'rules.velocity'],
  [
    'a limit on nothing that is counted',
    withLimit({ feature: 'highDemand' }),
    'rules.velocity.0.feature',
  ],
  [
    'a feature that everything has',
    withLimit({ feature: 'constructor' }),
    'rules.velocity.0.feature',
  ],
  ['a window that is not counted', withLimit({ windowSeconds: 3_599 }), WINDOW],
  ['no window where there is one', withLimit({ windowSeconds: null }), WINDOW],
  [
    'a window of what does not pass by waiting',
    withLimit({ feature: 'usersOfCard', windowSeconds: 2_592_000 }),
    WINDOW,
  ],
  [
    'a window of what has none',
    withLimit({ feature: 'accountsOfDevice', windowSeconds: 60 }),
    WINDOW,
  ],
  ['a limit that counting never reaches', withLimit({ allowed: 500 }), 'rules.velocity.0.allowed'],
])('refuses %s', (_what, rules, field) => {
  expect(Object.keys(faults(rules))).toContain(field);
});

it('names the window that a limit must tell', () => {
  expect(faults(withLimit({ windowSeconds: 1 }))).toEqual({
    [WINDOW]: 'must be 3600 for purchasesUserHour',
  });
  expect(faults(withLimit({}))).toEqual({});
});

it('refuses an indicator of what is not known', () => {
  const indicators = [{ name: 'mood', feature: 'mood', from: 0, to: 1, weight: 1 }];
  const rules = { ...RULES, scalper: { ...RULES.scalper, indicators } };
  expect(faults(rules)).toEqual({
    'rules.scalper.indicators.0.feature': 'is no feature of history',
  });
});

it('refuses a name that is none', () => {
  expect(Object.keys(faults(RULES, ' '))).toEqual(['version']);
});
