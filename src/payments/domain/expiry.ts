import type { BegunPayment } from './payment.js';
import type { PaymentMethodType } from './sale.js';
import type { PaymentStatus } from './transitions.js';

/** How long the buyer's action and an authorization may stay open, by method. */
export interface Expiry {
  readonly actionSeconds: number;
  readonly authorizationSeconds: number;
}

/**
 * Cards: a quarter of an hour for 3-D Secure (Payment service spec, Reconciliation); Stripe keeps an
 * online authorization for seven days (docs.stripe.com/payments/place-a-hold-on-a-payment-method),
 * we let go half a day earlier.
 */
export const EXPIRY: Readonly<Record<PaymentMethodType, Expiry>> = {
  card: { actionSeconds: 15 * 60, authorizationSeconds: 156 * 3_600 },
};

/** Is the money held at the buyer's bank, for the venue or for a reviewer to take? */
export function isAuthorization(status: PaymentStatus): boolean {
  return status === 'AUTHORIZED' || status === 'IN_REVIEW';
}

/** When a payment that nobody completes ends; null for one that does not wait for anybody. */
export function expiresAt({ status, sale }: BegunPayment): Date | null {
  const { actionSeconds, authorizationSeconds } = EXPIRY[sale.charge.method];
  const began = Date.parse(sale.startedAt);
  if (status === 'REQUIRES_ACTION') return new Date(began + actionSeconds * 1000);
  return isAuthorization(status) ? new Date(began + authorizationSeconds * 1000) : null;
}
