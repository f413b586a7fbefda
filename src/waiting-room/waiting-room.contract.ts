/** What other modules may know of waiting rooms and purchase limits. */
export type { AccessGrant, WantedAccess } from './domain/access-grant.js';
export { accessRefusal, consumeAccess, releaseAccess, reserveAccess } from './infra/access-rows.js';
export { AccessTokens } from './infra/access-tokens.js';
export { type EventDemand, GetEventDemand } from './queries/get-event-demand.js';
export { type BillingAddress, normalizeBillingAddress } from './domain/normalize-limit-address.js';
export { type LimitedSale, type PurchaseLimitName, skippedLimits } from './domain/limited-sale.js';
export { BillingAddressDto } from './http/limit-billing-address.dto.js';
export { LimitKeys } from './infra/limit-keys.js';
export { limitRefusal } from './infra/limit-refusal.js';
export {
  confirmLimits,
  regainLimits,
  releaseLimits,
  reserveLimits,
} from './infra/limit-statements.js';
