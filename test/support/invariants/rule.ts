/**
 * One thing that must hold after every fault. `violations` is a query of its own, written against
 * the tables and not through the application, with one column `found` per violation. It may read
 * `provider_charges`, what the provider knows to be true, and `audit_grace()`.
 */
export interface Rule {
  readonly invariant: string;
  readonly violations: string;
}

/** States in which the provider may still decide. */
export const OPEN = `('PENDING', 'PROCESSING', 'UNKNOWN')`;
/** States in which the buyer's money is in. */
export const SETTLED = `('PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED')`;
/** States in which nothing was taken and nothing will be. */
export const ENDED = `('PAYMENT_FAILED', 'CANCELLED', 'EXPIRED')`;
