import { assertNever } from '../../kernel/errors.js';
import type { Movement } from './movements.js';

/** What a line of the provider's account is about. */
export type SourceKind = 'charge' | 'refund' | 'dispute' | 'other';

/** What an object at the provider says of itself: believed only as far as it can be checked. */
export interface Claim {
  /** The provider's of the charge, as payments know it. */
  readonly reference: string;
  readonly tenantId: string;
  readonly operationId: string;
}

/**
 * One movement of the provider's balance, as it lists it: `amountCents` signed, a fee lessens it.
 * `claim`, of a charge alone: whose it says it is.
 */
export interface ProviderLine {
  readonly id: string;
  /** In the provider's words. */
  readonly type: string;
  readonly source: string | null;
  readonly sourceKind: SourceKind;
  /** The provider's reference of the charge behind it, as payments know it. */
  readonly reference: string | null;
  readonly claim: Claim | null;
  readonly amountCents: bigint;
  readonly feeCents: bigint;
  readonly currency: string;
  readonly createdAt: Date;
}

/** How the ledger calls a line's amount. */
export function movementOf({ sourceKind, type, amountCents }: ProviderLine): Movement {
  switch (sourceKind) {
    case 'charge':
      return 'charge';
    case 'refund':
      return type.includes('failure') ? 'refund_failure' : 'refund';
    case 'dispute':
      return amountCents < 0n ? 'dispute' : 'dispute_reversal';
    case 'other':
      return 'other';
    default:
      return assertNever(sourceKind);
  }
}

/** How the ledger calls a line's fee; one below zero comes back. */
export function feeMovementOf({ sourceKind, feeCents }: ProviderLine): Movement {
  if (sourceKind === 'charge') return 'processing_cost';
  if (sourceKind !== 'dispute') return 'other';
  return feeCents < 0n ? 'dispute_fee_return' : 'dispute_fee';
}
