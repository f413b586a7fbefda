/**
 * What other modules may know of venues: the ticket service's catalogue, the settings of a sale, and
 * the platform's fees. Amounts are `Cents`, rates parts per million.
 */
export {
  type CatalogEvent,
  type CatalogOptions,
  type CatalogPlace,
  type CatalogTicketType,
  type CatalogVenue,
  TicketCatalog,
} from './infra/ticket-catalog.js';
export type {
  EffectiveSettings,
  DisputeLossPayer,
  FeePayerSettings,
  PurchaseLimits,
  RefundPolicy,
  ResaleSettings,
  TokenRevocation,
} from './domain/settings.js';
export { DEFAULT_SETTINGS } from './domain/settings.js';
export { parseSettings, settingsReading } from './infra/settings-reading.js';
export {
  type FeeSchedule,
  type FeeTier,
  type FeeTierName,
  needsTierGuard,
  scheduleOn,
  tierOf,
} from './domain/fee-schedule.js';
export {
  type FeeLine,
  type FeePayer,
  type FeeQuestion,
  type FeeQuote,
  quoteFees,
  taxableFees,
} from './domain/quote-fees.js';
export {
  isTierMoved,
  parseTierReading,
  TICKETS_CODE,
  tierGuard,
  tierReading,
} from './infra/tier-statements.js';
export { KnownVolumes } from './infra/known-volumes.js';
