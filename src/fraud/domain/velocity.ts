import type { HistoryFeatures, RuleSet } from './scoring/index.js';

/** What is counted: purchases of a user, from a network, with a card; or who has paid with a card. */
export type Counted = 'user' | 'network' | 'card' | 'cardUsers';

interface Window {
  readonly of: Counted;
  /** How far back it is counted. */
  readonly seconds: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The counts that other purchases, running at the same time, raise; with their windows. */
const WINDOWS: Readonly<Partial<Record<string, Window>>> = {
  purchasesUserHour: { of: 'user', seconds: HOUR },
  purchasesUserDay: { of: 'user', seconds: DAY },
  purchasesUserWeek: { of: 'user', seconds: 7 * DAY },
  purchasesIpMinute: { of: 'network', seconds: 60 },
  purchasesIpHour: { of: 'network', seconds: HOUR },
  purchasesCardDay: { of: 'card', seconds: DAY },
  usersOfCard: { of: 'cardUsers', seconds: 30 * DAY },
} satisfies Partial<Record<keyof HistoryFeatures, Window>>;

/** After so many seconds a count is lower, if nobody buys; null where no buyer can wait for that. */
export function waitOf(feature: string): number | null {
  const window = WINDOWS[feature];
  return window && window.of !== 'cardUsers' ? window.seconds : null;
}

/** Nothing is counted beyond it, so that a check costs the same after a million purchases. */
export const MOST_COUNTED = 500;

/** A limit that a purchase must still keep in the transaction that makes it. */
export interface KeptLimit {
  readonly of: Counted;
  readonly seconds: number;
  /** Within the window, this purchase or its user included. */
  readonly allowed: number;
}

/** The limits of a rule set that other purchases, running at the same time, could make a purchase pass. */
export function keptLimits({ velocity }: RuleSet): KeptLimit[] {
  return velocity.flatMap(({ feature, allowed }) => {
    const window = WINDOWS[feature];
    return window && allowed < MOST_COUNTED ? [{ ...window, allowed }] : [];
  });
}
