import type { Uuid } from '../../kernel/ids.js';
import type { DisputeStatus } from './dispute.js';
import { awaitsEvidence, type DisputeCase } from './dispute-case.js';

/** A dispute in a list; amounts in cents. */
export interface DisputeSummary {
  readonly id: Uuid;
  readonly paymentId: Uuid;
  readonly venueId: Uuid;
  readonly stripeDisputeId: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly reason: string;
  readonly status: DisputeStatus;
  /** When evidence has to be in, ISO 8601; null where none is taken. */
  readonly evidenceDueBy: string | null;
  readonly submittedAt: string | null;
  readonly createdAt: string;
}

export function disputeSummary(id: Uuid, dispute: DisputeCase): DisputeSummary {
  return {
    id,
    paymentId: dispute.paymentId,
    venueId: dispute.venueId,
    stripeDisputeId: dispute.reference,
    amount: dispute.amountCents,
    fee: dispute.feeCents,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    evidenceDueBy: dispute.evidenceDueBy,
    submittedAt: dispute.submission?.at ?? null,
    createdAt: dispute.openedAt,
  };
}

/** What whoever gave evidence is told. */
export function respondedView(id: Uuid, dispute: DisputeCase, success: boolean) {
  return {
    success,
    dispute: disputeSummary(id, dispute),
    submitted: dispute.submission !== null,
    awaitsEvidence: awaitsEvidence(dispute),
    evidence: dispute.evidence,
  };
}
