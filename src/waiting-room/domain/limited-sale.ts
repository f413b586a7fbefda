import type { Uuid } from '../../kernel/ids.js';
import { type BillingAddress, normalizeBillingAddress } from './normalize-limit-address.js';

/** What tickets of an event are counted by. */
export const PURCHASE_LIMITS = ['user', 'payment_method', 'address'] as const;

export type PurchaseLimitName = (typeof PURCHASE_LIMITS)[number];

/** A sale as far as purchase limits go. */
export interface LimitedSale {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
  readonly eventId: Uuid;
  /** Tickets, at least one. */
  readonly quantity: number;
  /** Tickets of the event, this sale's included, that are in force at its instant. */
  readonly limits: {
    readonly perUser: number;
    readonly perPaymentMethod: number;
    readonly perAddress: number;
  };
  readonly userId: Uuid;
  /** The card's fingerprint, which is the same for every token of a card. Null: not limited by it. */
  readonly paymentMethod: string | null;
  /** As the buyer wrote it. Null: not limited by it. */
  readonly billingAddress: BillingAddress | null;
}

/** A limit that a sale is held to, and whose tickets it counts. */
export interface PurchaseLimit {
  readonly limit: PurchaseLimitName;
  /** A user's id, a card's fingerprint, a normalised address. */
  readonly subject: string;
  readonly allowed: number;
}

/** The limits that apply to a sale, in the order of `PURCHASE_LIMITS`. */
export function limitsOf(sale: LimitedSale): readonly PurchaseLimit[] {
  const { limits, userId, paymentMethod, billingAddress } = sale;
  const address = billingAddress && normalizeBillingAddress(billingAddress);
  return [
    { limit: 'user', subject: userId, allowed: limits.perUser },
    ...(paymentMethod === null
      ? []
      : [
          {
            limit: 'payment_method',
            subject: paymentMethod,
            allowed: limits.perPaymentMethod,
          } as const,
        ]),
    ...(address === null
      ? []
      : [{ limit: 'address', subject: address, allowed: limits.perAddress } as const]),
  ];
}

/** The limits that a sale is not held to, for want of what they count by: to be told, not hidden. */
export function skippedLimits(
  sale: Pick<LimitedSale, 'paymentMethod' | 'billingAddress'>,
): PurchaseLimitName[] {
  return [
    ...(sale.paymentMethod === null ? (['payment_method'] as const) : []),
    ...(sale.billingAddress === null ? (['address'] as const) : []),
  ];
}
