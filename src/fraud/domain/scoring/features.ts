import type { SessionFeatures } from './session-features.js';

/**
 * What is known of buyer, card, device, address and event. Every count includes the purchase that
 * is being decided and its own user, device and tickets: the sixth purchase within an hour finds
 * `purchasesUserHour: 6`. What cannot be told (no card, device or address) counts 0.
 */
export type HistoryFeatures = {
  /** Purchases of this user within 60 minutes, 24 hours, 7 days. */
  readonly purchasesUserHour: number;
  readonly purchasesUserDay: number;
  readonly purchasesUserWeek: number;
  /** Purchases from this address (IPv6: its /64) within 60 seconds and 60 minutes. */
  readonly purchasesIpMinute: number;
  readonly purchasesIpHour: number;
  /** Purchases with this card, by its fingerprint, within 24 hours. */
  readonly purchasesCardDay: number;
  /** Users who have paid with this card. */
  readonly usersOfCard: number;
  /** Tickets for this event that are the user's, those of this purchase among them. */
  readonly ticketsOfUserForEvent: number;
  /** Users who were seen on this device. */
  readonly accountsOfDevice: number;
  /** Tickets that the user has sold on. */
  readonly resalesOfUser: number;
  /** Their average price above the first one in basis points (2500 = a quarter more), if known. */
  readonly resaleMarkupBps: number | null;
  /** The user's purchases for events in high demand within 30 days. */
  readonly highDemandPurchases: number;
  /** Is this purchase for an event in high demand? */
  readonly highDemand: boolean;
  /** Confidence, 0 to 1, that user or device belongs to a scalper; 0: on no list. */
  readonly knownScalper: number;
  /** The kinds of block list on which the purchase was found, such as `user` or `device`. */
  readonly blocked: readonly string[];
  /** Is the user, device, card or address on an allow list? */
  readonly allowed: boolean;
  /** The speed at which the buyer would have travelled since the last purchase; null: no places. */
  readonly travelKmPerHour: number | null;
  /** Disputes of the user's payments, and of payments from this device. */
  readonly disputesOfUser: number;
  readonly disputesOfDevice: number;
};

/**
 * All that a verdict rests on, and all that is stored to replay it: plain JSON, which comes back
 * from text or `jsonb` as it went in.
 */
export interface Features {
  /** Null: not even the client is known. A purchase without session data has features of nulls. */
  readonly session: SessionFeatures | null;
  readonly history: HistoryFeatures;
}
