import type { Decline, ProviderCharge } from './provider-outcome.js';
import type { Sale } from './sale.js';

/** Everything that can happen to a payment until its money is in; stored under these dotted names. */
export type PaymentEvent =
  | { readonly type: 'payment.initiated'; readonly sale: Sale }
  | { readonly type: 'payment.processing' }
  | { readonly type: 'payment.outcome_unknown'; readonly reason: string }
  | {
      readonly type: 'payment.requires_action';
      readonly reference: string;
      readonly action: string;
    }
  | { readonly type: 'payment.authorized'; readonly charge: ProviderCharge }
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
  | { readonly type: 'payment.late_refund_required'; readonly charge: ProviderCharge };

/** The version each event is written in. */
export const EVENT_VERSION = 1;
