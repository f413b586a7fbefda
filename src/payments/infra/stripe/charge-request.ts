import type Stripe from 'stripe';
import type { Sale } from '../../domain/sale.js';
import { type MemoSeal, toMemo } from '../../domain/sale-memo.js';

/** Answers hold the latest charge with its card. */
export const WITH_CHARGE = { expand: ['latest_charge'] };

/** What a sale's charge asks for. */
export function intentOf(sale: Sale, seal: MemoSeal): Stripe.PaymentIntentCreateParams {
  return {
    amount: sale.price.total,
    currency: sale.price.currency.toLowerCase(),
    payment_method: sale.charge.paymentMethodId,
    confirm: true,
    capture_method: sale.charge.capture,
    automatic_payment_methods: { enabled: true },
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
