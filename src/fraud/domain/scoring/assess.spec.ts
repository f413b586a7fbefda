import fc from 'fast-check';
import { QUIET } from '../../../../test/fraud-eval/quiet-history.js';
import { assess } from './assess.js';
import { HISTORY_FEATURES, SESSION_FEATURES } from './feature-names.js';
import type { Features, HistoryFeatures } from './features.js';
import { RULE_SET_V1 } from './rule-set-v1.js';
import { parseRuleSet } from './rule-set.js';
import { sessionFeatures, type SessionFeatures } from './session-features.js';

const SILENT = sessionFeatures(undefined, {});

const verdict = (history: Partial<HistoryFeatures>, session: Partial<SessionFeatures> = {}) =>
  assess({ session: { ...SILENT, ...session }, history: { ...QUIET, ...history } }, RULE_SET_V1);

it('a first purchase of which nothing is known is approved, with a session or without', () => {
  const approved = {
    decision: 'approve',
    score: 0,
    bot: { score: 0, indicators: [] },
    scalper: { score: 0, indicators: [] },
    velocity: { exceeded: [] },
    reasons: [],
    cause: null,
    ruleSet: 'v1',
  };
  expect(verdict({})).toEqual(approved);
  expect(assess({ session: null, history: QUIET }, RULE_SET_V1)).toEqual(approved);
});

it('decides today as on the day it was released', () => {
  const session: SessionFeatures = {
    ...{ actions: 412, moves: 380, clicks: 6, touches: 0, keys: 40, strokes: 9 },
    ...{ straightness: 0.997, bow: 0.0095, turning: 0.41, roughnessPx: 0.52 },
    ...{ speedVariation: 0.31, edgeSpeed: 0.9, speedPeaks: 1.1, speedSpread: 0.17 },
    ...{ intervalVariation: 0.013, timingEntropy: 0.24, clicksWithoutMovement: 0.4 },
    ...{ clickIntervalMs: 210, holdMs: 9, holdVariation: 0.02, keyHoldMs: 12, keyVariation: 0.19 },
    ...{ headless: false, automated: false, script: true, contradictions: 1 },
  };
  const history: HistoryFeatures = {
    ...{ purchasesUserHour: 6, purchasesUserDay: 21, purchasesUserWeek: 51 },
    ...{ purchasesIpMinute: 11, purchasesIpHour: 51, purchasesCardDay: 11, usersOfCard: 4 },
    ...{ ticketsOfUserForEvent: 4, accountsOfDevice: 4, resalesOfUser: 11, resaleMarkupBps: 5_000 },
    ...{ highDemandPurchases: 7, highDemand: true, knownScalper: 0.4, blocked: [], allowed: false },
    ...{ travelKmPerHour: 1_450, disputesOfUser: 1, disputesOfDevice: 2 },
  };
  const bot = [
    ...['linear_mouse', 'scripted_client', 'single_submovements', 'client_hint_mismatch'],
    ...['repeated_profile', 'uniform_speed', 'constant_release', 'jittered_path', 'rapid_clicking'],
    ...['regular_pauses', 'uniform_timing', 'abrupt_motion', 'instant_release'],
    ...['mechanical_typing', 'instant_keys', 'jumping_clicks'],
  ];
  const scalper = [
    ...['many_purchases', 'known_scalper', 'many_accounts_on_device', 'shared_card'],
    ...['impossible_travel', 'disputes_on_device', 'disputes', 'many_resales', 'high_markup'],
    'high_demand_targeting',
  ];
  const exceeded = (limit: string, allowed: number, retryAfterSeconds: number | null) => ({
    ...{ limit, allowed, found: allowed + 1, retryAfterSeconds },
  });
  const limits = [
    ...[exceeded('user_hour', 5, 3_600), exceeded('user_day', 20, 86_400)],
    ...[exceeded('user_week', 50, 604_800), exceeded('ip_minute', 10, 60)],
    ...[exceeded('ip_hour', 50, 3_600), exceeded('card_day', 10, 86_400)],
    exceeded('card_users', 3, null),
  ];
  expect(assess({ session, history }, RULE_SET_V1)).toEqual({
    ...{ decision: 'decline', score: 0.9734, cause: 'bot', ruleSet: 'v1' },
    bot: { score: 0.9734, indicators: bot },
    scalper: { score: 0.9696, indicators: scalper },
    velocity: { exceeded: limits },
    reasons: [
      ...bot.map((name) => `bot:${name}`),
      ...scalper.map((name) => `scalper:${name}`),
      ...limits.map(({ limit }) => `velocity:${limit}`),
    ],
  });
});

describe('bots', () => {
  it('are declined above 0.7, with the heaviest indicator first', () => {
    expect(verdict({}, { automated: true, contradictions: 1 })).toMatchObject({
      decision: 'decline',
      cause: 'bot',
      score: 0.965,
      bot: { score: 0.965, indicators: ['automation_marker', 'client_hint_mismatch'] },
      reasons: ['bot:automation_marker', 'bot:client_hint_mismatch'],
    });
  });

  it.each<[string, Partial<SessionFeatures>, string]>([
    ['little', { bow: 0.012 }, 'approve'],
    ['more', { bow: 0.007 }, 'challenge'],
    ['much', { bow: 0.004 }, 'review'],
    ['two signs', { bow: 0.004, speedVariation: 0.1 }, 'decline'],
  ])('%s leads to its band', (_name, session, decision) => {
    expect(verdict({}, session).decision).toBe(decision);
  });

  it('no sign of the hand alone declines but one that no hand leaves', () => {
    const alone = RULE_SET_V1.bot.indicators.map(({ name, feature, to }) => ({
      name,
      decision: verdict({}, { [feature]: to }).decision,
    }));
    const declining = alone.filter(({ decision }) => decision === 'decline');
    expect(declining.map(({ name }) => name)).toEqual([
      'automation_marker',
      'headless_browser',
      'jittered_path',
      'mechanical_typing',
    ]);
  });
});

describe('scalpers', () => {
  it('who are known are declined above a confidence of 0.7', () => {
    expect(verdict({ knownScalper: 0.7 })).toMatchObject({ decision: 'review', cause: null });
    expect(verdict({ knownScalper: 0.71 })).toMatchObject({ decision: 'decline', cause: 'fraud' });
  });

  it('who are not known show by several signs', () => {
    const found = verdict({ resalesOfUser: 20, resaleMarkupBps: 10_000, highDemandPurchases: 12 });
    expect(found).toMatchObject({ decision: 'decline', cause: 'fraud', score: 0.85 });
    expect(found.reasons).toEqual([
      'scalper:many_resales',
      'scalper:high_markup',
      'scalper:high_demand_targeting',
    ]);
  });
});

describe('velocity', () => {
  it.each<[string, keyof HistoryFeatures, number, number | null]>([
    ['user_hour', 'purchasesUserHour', 5, 3_600],
    ['user_day', 'purchasesUserDay', 20, 86_400],
    ['user_week', 'purchasesUserWeek', 50, 604_800],
    ['ip_minute', 'purchasesIpMinute', 10, 60],
    ['ip_hour', 'purchasesIpHour', 50, 3_600],
    ['card_day', 'purchasesCardDay', 10, 86_400],
    ['card_users', 'usersOfCard', 3, null],
  ])('%s allows %s up to %i', (limit, feature, allowed, retryAfterSeconds) => {
    expect(verdict({ [feature]: allowed })).toMatchObject({ velocity: { exceeded: [] } });
    expect(verdict({ [feature]: allowed + 1 })).toMatchObject({
      decision: 'decline',
      cause: 'velocity',
      velocity: { exceeded: [{ limit, allowed, found: allowed + 1, retryAfterSeconds }] },
    });
  });
});

describe('lists', () => {
  it('a block list declines, whatever else is known', () => {
    const found = verdict({ blocked: ['user', 'card'], allowed: true, purchasesUserHour: 6 });
    expect(found).toMatchObject({ decision: 'decline', cause: 'list', score: 1 });
    expect(found.reasons.slice(0, 2)).toEqual(['list:user', 'list:card']);
  });

  it('an allow list answers suspicion, and never a limit', () => {
    const suspected = { allowed: true, knownScalper: 1 };
    expect(verdict(suspected, { automated: true })).toMatchObject({
      decision: 'approve',
      cause: null,
      score: 1,
    });
    expect(verdict({ ...suspected, purchasesIpMinute: 11 })).toMatchObject({ cause: 'velocity' });
  });
});

it('a bot is named before fraud, fraud before velocity', () => {
  const both = { knownScalper: 1, purchasesUserHour: 6 };
  expect(verdict(both, { automated: true }).cause).toBe('bot');
  expect(verdict(both).cause).toBe('fraud');
});

describe('the verdict', () => {
  const number = fc.oneof(fc.double(), fc.integer(), fc.constant(-0));
  const held = fc.oneof(number, fc.boolean(), fc.constant(null));
  const anything = fc.record({
    session: fc.dictionary(fc.constantFrom(...SESSION_FEATURES), held),
    history: fc.dictionary(fc.constantFrom(...HISTORY_FEATURES), held),
    blocked: fc.array(fc.string()),
    allowed: fc.boolean(),
  });
  const featuresOf = ({
    session,
    history,
    ...lists
  }: typeof anything extends fc.Arbitrary<infer T> ? T : never) =>
    // What is stored may be older than the code that reads it: members miss, or hold anything.
    ({
      session: { ...SILENT, ...session },
      history: { ...QUIET, ...history, ...lists },
    }) as Features;

  it('is total, within its bounds, and plain JSON', () => {
    fc.assert(
      fc.property(anything, (drawn) => {
        const found = assess(featuresOf(drawn), RULE_SET_V1);
        for (const score of [found.score, found.bot.score, found.scalper.score]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(Number(score.toFixed(4))).toBe(score);
        }
        expect((found.cause === null) === (found.decision !== 'decline')).toBe(true);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }),
    );
  });

  it('is bit-equal when features and rules come back from storage', () => {
    const rules = parseRuleSet(JSON.parse(JSON.stringify(RULE_SET_V1)));
    fc.assert(
      fc.property(anything, (drawn) => {
        const features = featuresOf(drawn);
        // `jsonb` orders members in its own way.
        const stored = JSON.parse(JSON.stringify(features)) as Features;
        const session = Object.fromEntries(Object.entries(stored.session ?? {}).reverse());
        const again = { session: session as SessionFeatures, history: stored.history };
        expect(JSON.stringify(assess(again, rules))).toBe(
          JSON.stringify(assess(features, RULE_SET_V1)),
        );
      }),
    );
  });
});
