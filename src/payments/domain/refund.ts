import type { Uuid } from '../../kernel/ids.js';
import type { RefundPolicy } from '../../venues/venues.contract.js';
import type { Parts } from './paid-lines.js';

/** What of the fees goes back with the tickets and their taxes. */
export type GiveBackPolicy = Pick<
  RefundPolicy,
  'refundPlatformFee' | 'refundGas' | 'refundProcessingFee' | 'freeSeats'
>;

/** Everything, as when the tickets could not be given at all. */
export const GIVE_BACK_ALL: GiveBackPolicy = {
  refundPlatformFee: true,
  refundGas: true,
  refundProcessingFee: true,
  freeSeats: true,
};

/**
 * Why money goes back: somebody asked, the event was cancelled, it came too late, or the provider
 * says that it has gone (a refund made in the provider's own dashboard).
 */
export type RefundOrigin = 'request' | 'cancellation' | 'late' | 'provider';

/** A refund as it was decided; amounts in cents. */
export interface RefundTerms {
  /** Our id of the refund; the provider's key derives from it. */
  readonly refundId: Uuid;
  readonly origin: RefundOrigin;
  /** What the buyer gets back. */
  readonly amountCents: number;
  /** How much of each line; what the venue or the platform bore goes back to them. */
  readonly parts: Parts;
  /** Tickets that end with this refund. */
  readonly ticketIds: readonly Uuid[];
  readonly freeSeats: boolean;
  readonly reason: string | null;
}

export type RefundStatus = 'pending' | 'completed' | 'failed' | 'reversed';

export interface Refund {
  readonly terms: RefundTerms;
  readonly status: RefundStatus;
  /** The provider's reference, once it gave one. */
  readonly reference: string | null;
}

/**
 * What a provider says about a refund. `pending` is on its way, `unknown` may or may not have
 * begun: only asking again can tell.
 */
export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | {
      readonly kind: 'pending';
      readonly reference: string;
      /** It goes out once the provider's account of ours has money again. */
      readonly awaitsFunds?: true;
    }
  | { readonly kind: 'failed'; readonly reference: string | null; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly retryAfterSeconds?: number };

/** A refund as the provider lists it; `refundId` where its metadata names one of ours. */
export interface ProviderRefund {
  readonly reference: string;
  readonly refundId: Uuid | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly outcome: RefundOutcome;
}
