import type { HistoryFeatures } from '../../src/fraud/domain/scoring/index.js';

/** A first purchase, of which nothing is known; with it only the session speaks. */
export const QUIET: HistoryFeatures = {
  purchasesUserHour: 1,
  purchasesUserDay: 1,
  purchasesUserWeek: 1,
  purchasesIpMinute: 1,
  purchasesIpHour: 1,
  purchasesCardDay: 1,
  usersOfCard: 1,
  ticketsOfUserForEvent: 1,
  accountsOfDevice: 1,
  resalesOfUser: 0,
  resaleMarkupBps: null,
  highDemandPurchases: 0,
  highDemand: false,
  knownScalper: 0,
  blocked: [],
  allowed: false,
  travelKmPerHour: null,
  disputesOfUser: 0,
  disputesOfDevice: 0,
};
