import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { centsToNumber } from '../../kernel/money/index.js';
import { awaitsEvidence } from '../domain/dispute-case.js';
import { disputeSummary } from '../domain/dispute-views.js';
import { transactionView } from '../domain/views.js';
import type { DisputeDetails } from '../queries/get-dispute.js';

/** A dispute as its route shows it; a refusal passes through. */
export function presentDispute(found: DisputeDetails | Refusal) {
  if (isRefusal(found)) return found;
  const { id, dispute, payment, history, journals } = found;
  return {
    dispute: disputeSummary(id, dispute),
    awaitsEvidence: awaitsEvidence(dispute),
    evidence: dispute.evidence,
    payment: paymentFacts(payment),
    ledger: journals.map(({ postings, postedAt, ...journal }) => ({
      ...journal,
      postedAt: postedAt.toISOString(),
      postings: postings.map((line) => ({ ...line, amount: centsToNumber(line.amount) })),
    })),
    history: history.map(({ sequence, type, at, correlationId, data }) => ({
      sequence,
      type,
      at: at.toISOString(),
      correlationId,
      data,
    })),
  };
}

function paymentFacts(payment: DisputeDetails['payment']) {
  const { id, orderId, eventId, status, amountCharged, refundedAmount, ...shown } =
    transactionView(payment);
  const { stripePaymentIntentId, tickets, createdAt } = shown;
  const { name: eventName, startsAt: eventStartsAt } = payment.sale.event;
  return {
    ...{ id, orderId, eventId, eventName, eventStartsAt, status, amountCharged, refundedAmount },
    ...{ stripePaymentIntentId, tickets, createdAt },
  };
}
