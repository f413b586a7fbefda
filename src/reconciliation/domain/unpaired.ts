import type { Movement } from './movements.js';

/**
 * One side without the other: a part of a provider's line (its amount or its fee) that no entry of
 * the ledger tells of, or an entry that no line tells of.
 */
export interface Unpaired {
  readonly side: 'provider' | 'ledger';
  /** The line's id, or the journal's. */
  readonly id: string;
  /** Null: nothing of ours claims the line. */
  readonly paymentId: string | null;
  readonly movement: Movement;
  /** The line's type or the journal's kind. */
  readonly kind: string;
  /** The provider's object behind a line. */
  readonly source: string | null;
  /** The provider's reference of the charge, as the line or the payment knows it. */
  readonly reference: string | null;
  /** Signed, as it is on the provider's balance or the clearing account. */
  readonly cents: bigint;
  readonly currency: string;
  readonly at: Date;
  /** Is the payment still open: may the provider decide it? */
  readonly paymentOpen: boolean;
}
