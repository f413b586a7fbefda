import type { RuleSet } from './rule-set.js';

const HOUR = 3_600;
const DAY = 86_400;
const BANDS = { challenge: 0.4, review: 0.55, decline: 0.7 };

/** The first rule set: bots and scalpers above 0.7, and the limits of the specification. */
export const RULE_SET_V1: RuleSet = {
  version: 'v1',
  bot: {
    bands: BANDS,
    indicators: [
      { name: 'automation_marker', feature: 'automated', from: 0, to: 1, weight: 0.95 },
      { name: 'headless_browser', feature: 'headless', from: 0, to: 1, weight: 0.9 },
      { name: 'client_hint_mismatch', feature: 'contradictions', from: 0, to: 2, weight: 0.6 },
      { name: 'scripted_client', feature: 'script', from: 0, to: 1, weight: 0.35 },

      { name: 'linear_mouse', feature: 'bow', from: 0.015, to: 0.006, weight: 0.6 },
      { name: 'jittered_path', feature: 'roughnessPx', from: 0.45, to: 0.75, weight: 0.75 },
      { name: 'uniform_speed', feature: 'speedVariation', from: 0.4, to: 0.15, weight: 0.6 },
      { name: 'abrupt_motion', feature: 'edgeSpeed', from: 0.85, to: 1, weight: 0.4 },
      { name: 'repeated_profile', feature: 'speedSpread', from: 0.2, to: 0.12, weight: 0.65 },
      { name: 'single_submovements', feature: 'speedPeaks', from: 1.2, to: 1.05, weight: 0.5 },
      { name: 'uniform_timing', feature: 'intervalVariation', from: 0.02, to: 0.005, weight: 0.3 },

      { name: 'rapid_clicking', feature: 'clickIntervalMs', from: 250, to: 100, weight: 0.6 },
      { name: 'jumping_clicks', feature: 'clicksWithoutMovement', from: 0.3, to: 0.8, weight: 0.4 },
      { name: 'instant_release', feature: 'holdMs', from: 15, to: 3, weight: 0.25 },
      { name: 'constant_release', feature: 'holdVariation', from: 0.04, to: 0.01, weight: 0.3 },
      { name: 'regular_pauses', feature: 'timingEntropy', from: 0.3, to: 0.1, weight: 0.5 },
      { name: 'mechanical_typing', feature: 'keyVariation', from: 0.2, to: 0.12, weight: 0.75 },
      { name: 'instant_keys', feature: 'keyHoldMs', from: 15, to: 3, weight: 0.35 },
    ],
  },
  scalper: {
    bands: BANDS,
    indicators: [
      { name: 'known_scalper', feature: 'knownScalper', from: 0, to: 1, weight: 1 },
      { name: 'many_purchases', feature: 'purchasesUserHour', from: 5, to: 6, weight: 0.45 },
      { name: 'many_accounts_on_device', feature: 'accountsOfDevice', from: 2, to: 6, weight: 0.6 },
      { name: 'many_resales', feature: 'resalesOfUser', from: 3, to: 20, weight: 0.5 },
      { name: 'high_markup', feature: 'resaleMarkupBps', from: 2_000, to: 10_000, weight: 0.5 },
      {
        name: 'high_demand_targeting',
        feature: 'highDemandPurchases',
        from: 3,
        to: 12,
        weight: 0.4,
      },
      { name: 'shared_card', feature: 'usersOfCard', from: 1, to: 4, weight: 0.3 },
      { name: 'impossible_travel', feature: 'travelKmPerHour', from: 900, to: 2_000, weight: 0.6 },
      { name: 'disputes', feature: 'disputesOfUser', from: 0, to: 3, weight: 0.75 },
      { name: 'disputes_on_device', feature: 'disputesOfDevice', from: 0, to: 4, weight: 0.6 },
    ],
  },
  velocity: [
    { name: 'user_hour', feature: 'purchasesUserHour', allowed: 5, windowSeconds: HOUR },
    { name: 'user_day', feature: 'purchasesUserDay', allowed: 20, windowSeconds: DAY },
    { name: 'user_week', feature: 'purchasesUserWeek', allowed: 50, windowSeconds: 7 * DAY },
    { name: 'ip_minute', feature: 'purchasesIpMinute', allowed: 10, windowSeconds: 60 },
    { name: 'ip_hour', feature: 'purchasesIpHour', allowed: 50, windowSeconds: HOUR },
    { name: 'card_day', feature: 'purchasesCardDay', allowed: 10, windowSeconds: DAY },
    { name: 'card_users', feature: 'usersOfCard', allowed: 3, windowSeconds: null },
  ],
};
