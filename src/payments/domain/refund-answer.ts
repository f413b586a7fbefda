import { assertNever } from '../../kernel/errors.js';
import type { PaymentAnswer } from './answer.js';
import { refundableCents } from './given-back.js';
import type { BegunPayment } from './payment.js';
import type { Refund, RefundOutcome } from './refund.js';
import { v1Status } from './status-names.js';

/** The request that is answered; a refund that nobody asked for is answered to nobody. */
export interface AskedFor {
  readonly at: Date;
  readonly path: string;
  readonly requestId: string;
}

/** A refund as both APIs show it; `parts` say of which lines it is, all in cents. */
export function refundView(refund: Refund) {
  const { terms } = refund;
  return {
    id: terms.refundId,
    amount: terms.amountCents,
    status: refund.status === 'reversed' ? 'failed' : refund.status,
    origin: terms.origin,
    reason: terms.reason,
    ticketIds: terms.ticketIds,
    parts: terms.parts,
    stripeRefundId: refund.reference,
  };
}

/**
 * What whoever asked for a refund is told: 200 when the provider has it, paid or on its way, 202
 * while nobody knows, 409 when it was refused. `outcome` is the provider's word, when it is at hand.
 */
export function refundAnswer(
  payment: BegunPayment,
  refund: Refund,
  asked: AskedFor,
  outcome?: RefundOutcome,
): PaymentAnswer {
  const { sale } = payment;
  const body = {
    success: refund.status === 'completed' || refund.status === 'pending',
    refund: refundView(refund),
    paymentId: sale.paymentId,
    status: v1Status(payment.status),
    currency: sale.price.currency,
    refundableCents: refundableCents(payment, sale.refundPolicy),
  };
  switch (refund.status) {
    case 'completed':
      return { status: 200, body, final: true };
    case 'pending': {
      const known = outcome?.kind === 'pending';
      return { status: known ? 200 : 202, body, final: known };
    }
    case 'failed':
    case 'reversed':
      return { status: 409, body: { ...refused(asked), ...body }, final: true };
    default:
      return assertNever(refund.status);
  }
}

function refused({ at, path, requestId }: AskedFor): object {
  return {
    error: 'The payment provider refused the refund. Nothing was paid back.',
    code: 'REFUND_FAILED',
    timestamp: at.toISOString(),
    path,
    requestId,
  };
}
