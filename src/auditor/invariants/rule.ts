/**
 * One thing that must hold. `violations` is a query of its own, written against the tables and not
 * through the application, with one column `found` that names each violation. It may read the
 * sources (`sources.ts`) as tables, and call the horizon `${HORIZON}`.
 */
export interface Rule {
  /** The invariant's number, such as `I3`. */
  readonly invariant: string;
  readonly rule: string;
  readonly violations: string;
  /** Further common table expressions of this query. */
  readonly also?: string;
  /** Asked as the application of a tenant that does not exist, instead of as who sees everything. */
  readonly asStranger?: true;
}

/**
 * What happened after this instant may still be on its way: the provider was asked just before the
 * snapshot was taken, and operations may take until the horizon to end.
 */
export const HORIZON = `current_setting('audit.horizon')::timestamptz`;

/** States in which the provider may still decide. */
export const OPEN = `('PENDING', 'PROCESSING', 'UNKNOWN')`;
/** States in which the buyer's money is in. */
export const SETTLED = `('PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED')`;
/** States in which nothing was taken and nothing will be. */
export const ENDED = `('PAYMENT_FAILED', 'CANCELLED', 'EXPIRED')`;

/** How long a delivered event is certain to be kept: older ones may have been forgotten. */
export const KEPT = `interval '7 days'`;
