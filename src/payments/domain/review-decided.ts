import {
  REVIEW_APPROVED,
  REVIEW_REJECTED,
  type ReviewDecided,
} from '../../fraud/fraud.contract.js';
import { derivedId } from '../../kernel/ids.js';
import type { EventToPublish } from '../../kernel/outbox/index.js';
import type { Sale } from './sale.js';

export interface ReviewVerdict {
  readonly verdict: 'approved' | 'rejected';
  readonly at: Date;
}

/**
 * `payment.review_approved`, `payment.review_rejected`: what a person found of a purchase that was
 * held back. Fraud prevention learns from it; the money follows on its own. Who it was is the audit
 * log's to know, and nobody's outside.
 */
export function reviewDecided(
  { paymentId, userId }: Sale,
  { verdict, at }: ReviewVerdict,
): EventToPublish<ReviewDecided> {
  const type = verdict === 'approved' ? REVIEW_APPROVED : REVIEW_REJECTED;
  return {
    // Decided again, because the provider did not follow at first, it is heard again.
    id: derivedId(paymentId, `${type} ${at.getTime()}`),
    type,
    version: 1,
    aggregateType: 'review',
    aggregateId: paymentId,
    occurredAt: at,
    payload: { paymentId, userId },
  };
}
