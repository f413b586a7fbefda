import type { Uuid } from '../../kernel/ids.js';
import type { DisputeTerms, Losses } from './dispute.js';
import type { Parts } from './paid-lines.js';
import type { Decline, ProviderCharge } from './provider-outcome.js';
import type { RefundTerms } from './refund.js';
import type { StoredSale } from './sale.js';

/** Everything that can happen to a payment; stored under these dotted names. */
export type PaymentEvent =
  | { readonly type: 'payment.initiated'; readonly sale: StoredSale }
  | { readonly type: 'payment.processing' }
  | { readonly type: 'payment.outcome_unknown'; readonly reason: string }
  | {
      readonly type: 'payment.requires_action';
      readonly reference: string;
      readonly action: string;
    }
  | { readonly type: 'payment.authorized'; readonly charge: ProviderCharge }
  | { readonly type: 'payment.review_required' }
  | { readonly type: 'payment.succeeded'; readonly charge: ProviderCharge | null }
  | { readonly type: 'payment.captured'; readonly charge: ProviderCharge }
  | {
      readonly type: 'payment.failed';
      readonly reference: string | null;
      readonly decline: Decline;
    }
  | { readonly type: 'payment.cancelled'; readonly reference: string }
  | { readonly type: 'payment.voided'; readonly reference: string }
  | { readonly type: 'payment.succeeded_late'; readonly charge: ProviderCharge }
  | { readonly type: 'payment.late_refund_required'; readonly charge: ProviderCharge }
  | { readonly type: 'payment.expired'; readonly reference: string }
  | {
      readonly type: 'refund.initiated';
      readonly terms: RefundTerms;
      /** The provider's, where the refund was made there and only met by us. */
      readonly reference?: string;
    }
  | {
      readonly type: 'refund.completed';
      readonly refundId: Uuid;
      /** Null where there was nothing to pay back. */
      readonly reference: string | null;
    }
  | {
      /** `reversed`: it had gone through, and came back. */
      readonly type: 'refund.failed' | 'refund.reversed';
      readonly refundId: Uuid;
      readonly reason: string;
      /** What of it lost disputes take, which had asked for more than there was. */
      readonly losses?: Losses;
    }
  | { readonly type: 'dispute.opened'; readonly terms: DisputeTerms }
  | { readonly type: 'dispute.won'; readonly disputeId: Uuid }
  | {
      readonly type: 'dispute.lost';
      readonly disputeId: Uuid;
      /** What it takes beyond the parts it was opened with: of what a refund left after all. */
      readonly added?: Parts;
    };

/** The version each event is written in. */
export const EVENT_VERSION = 1;
