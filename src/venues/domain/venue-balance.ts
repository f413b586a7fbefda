import { add, type Cents, ZERO } from '../../kernel/money/index.js';

/** What the ledger's disjoint accounts hold for a venue, in cents, positive for what it is owed. */
export interface VenueBuckets {
  readonly pending: Cents;
  readonly available: Cents;
  readonly reserved: Cents;
}

export interface VenueBalance {
  /** Settled money, the reserve included. */
  readonly available: Cents;
  readonly pending: Cents;
  /** Held back for disputes. */
  readonly reserved: Cents;
  /** What may be paid out: available less reserved. */
  readonly payable: Cents;
  /** What the venue owes the platform. */
  readonly debt: Cents;
}

/**
 * The figures of "Get Venue Balance": there `available` includes the reserve, while the ledger keeps
 * the two apart.
 */
export function venueBalance(buckets: VenueBuckets, debt: Cents = ZERO): VenueBalance {
  const { pending, available, reserved } = buckets;
  return { available: add(available, reserved), pending, reserved, payable: available, debt };
}
