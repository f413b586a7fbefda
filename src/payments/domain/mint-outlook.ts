import { assertNever } from '../../kernel/errors.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import type { BegunPayment } from './payment.js';
import type { Sale } from './sale.js';

/**
 * What is to be said of a payment's tokens while nobody has begun to make them. `not_configured`:
 * there is no chain for them; `none`: there is nothing to make them of.
 */
export type MintOutlook = 'not_configured' | 'awaiting_payment' | 'queued' | 'none';

export function mintOutlook({ sale, status }: BegunPayment): MintOutlook {
  if (sale.blockchain === null) return 'not_configured';
  switch (status) {
    case 'PENDING':
    case 'PROCESSING':
    case 'UNKNOWN':
    case 'REQUIRES_ACTION':
    case 'AUTHORIZED':
    case 'IN_REVIEW':
      return 'awaiting_payment';
    case 'PAID':
    case 'REFUNDING':
    case 'PARTIALLY_REFUNDED':
    case 'DISPUTED':
      return 'queued';
    case 'REFUNDED':
    case 'PAYMENT_FAILED':
    case 'CANCELLED':
    case 'EXPIRED':
      return 'none';
    default:
      return assertNever(status);
  }
}

/** The job that mints a payment's tickets: one a payment, under an id that follows from it. */
export function mintJobId(paymentId: Uuid): Uuid {
  return derivedId(paymentId, 'mint');
}

/** The job of a sale whose tickets become tokens, whether it has begun or not. */
export function mintJobOf({ paymentId, blockchain }: Sale): Uuid | null {
  return blockchain === null ? null : mintJobId(paymentId);
}
