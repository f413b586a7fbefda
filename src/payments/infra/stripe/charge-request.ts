import type Stripe from 'stripe';
import type { Sale } from '../../domain/sale.js';
import { type MemoSeal, toMemo } from '../../domain/sale-memo.js';

/** With every intent comes its latest charge. */
export const WITH_CHARGE = { expand: ['latest_charge'] };

/**
 * How Stripe is asked to charge a sale: one request, confirmed at once
 * (docs.stripe.com/api/payment_intents/create). Where the fraud check wants the buyer to prove that
 * the card is theirs, 3-D Secure is demanded whenever the card can do it.
 */
export function intentOf(sale: Sale, seal: MemoSeal): Stripe.PaymentIntentCreateParams {
  return {
    amount: sale.price.total,
    currency: sale.price.currency.toLowerCase(),
    payment_method: sale.charge.paymentMethodId,
    confirm: true,
    capture_method: sale.charge.capture,
    automatic_payment_methods: { enabled: true },
    ...(sale.charge.screening === 'challenge' && {
      payment_method_options: { card: { request_three_d_secure: 'any' } },
    }),
    return_url: sale.charge.returnUrl,
    ...(sale.charge.description && { description: sale.charge.description }),
    metadata: {
      operation_id: sale.charge.operationId,
      payment_id: sale.paymentId,
      tenant_id: sale.tenantId,
      ...(sale.orderId && { order_id: sale.orderId }),
      ...toMemo(sale, seal),
    },
    ...WITH_CHARGE,
  };
}
