import type { PaymentAnswer } from './answer.js';
import { type BegunPayment, isSettled } from './payment.js';
import type { ProviderOutcome } from './provider-outcome.js';
import type { AskedFor } from './refund-answer.js';
import { transactionView } from './views.js';

/** What was asked for. */
export interface AskedOperation {
  readonly kind: 'capture' | 'cancel';
  readonly request: Omit<AskedFor, 'at'>;
}

/**
 * What whoever asked for a capture or a void is told: 200 when the payment is what they asked for,
 * 202 while nobody knows, 409 when it became something else meanwhile.
 */
export function operationAnswer(
  { kind, request }: AskedOperation,
  payment: BegunPayment,
  outcome: ProviderOutcome,
  at: Date,
): PaymentAnswer {
  const body = { success: false, transaction: transactionView(payment) };
  if (isReached(kind, payment))
    return { status: 200, body: { ...body, success: true }, final: true };
  if (outcome.kind === 'unknown' || outcome.kind === 'processing') {
    return { status: 202, body, final: false };
  }
  const error = kind === 'capture' ? 'The payment was not captured.' : 'The payment stands.';
  return {
    status: 409,
    body: {
      error,
      code: 'PAYMENT_STATE_CONFLICT',
      timestamp: at.toISOString(),
      ...request,
      ...body,
    },
    final: true,
  };
}

function isReached(kind: AskedOperation['kind'], { status }: BegunPayment): boolean {
  if (kind === 'capture') return isSettled(status);
  return status === 'CANCELLED' || status === 'EXPIRED' || status === 'PAYMENT_FAILED';
}
