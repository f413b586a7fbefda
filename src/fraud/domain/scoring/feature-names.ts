import type { HistoryFeatures } from './features.js';
import type { SessionFeatures } from './session-features.js';

/** The members of `SessionFeatures` that a rule may weigh: all. */
export const SESSION_FEATURES = [
  ...(['actions', 'moves', 'clicks', 'touches', 'keys', 'strokes'] as const),
  ...(['straightness', 'bow', 'turning', 'roughnessPx'] as const),
  ...(['speedVariation', 'edgeSpeed', 'speedPeaks', 'speedSpread'] as const),
  ...(['intervalVariation', 'timingEntropy'] as const),
  ...(['clicksWithoutMovement', 'clickIntervalMs', 'holdMs', 'holdVariation'] as const),
  ...(['keyHoldMs', 'keyVariation'] as const),
  ...(['headless', 'automated', 'script', 'contradictions'] as const),
] as const satisfies readonly (keyof SessionFeatures)[];

/** The members of `HistoryFeatures` that are counts, and that a limit may bind. */
export const COUNTS = [
  ...(['purchasesUserHour', 'purchasesUserDay', 'purchasesUserWeek'] as const),
  ...(['purchasesIpMinute', 'purchasesIpHour', 'purchasesCardDay', 'usersOfCard'] as const),
  ...(['ticketsOfUserForEvent', 'accountsOfDevice', 'resalesOfUser'] as const),
  ...(['highDemandPurchases', 'disputesOfUser', 'disputesOfDevice'] as const),
] as const satisfies readonly (keyof HistoryFeatures)[];

/** The members of `HistoryFeatures` that a rule may weigh; lists decide by themselves. */
export const HISTORY_FEATURES = [
  ...COUNTS,
  ...(['resaleMarkupBps', 'highDemand', 'knownScalper', 'travelKmPerHour'] as const),
] as const satisfies readonly (keyof HistoryFeatures)[];
