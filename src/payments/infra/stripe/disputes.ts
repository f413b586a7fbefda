import Stripe from 'stripe';
import { isUuid, type Uuid } from '../../../kernel/ids.js';
import { DISPUTE_STATES, type DisputeStatus, type ProviderDispute } from '../../domain/dispute.js';
import { EVIDENCE_FIELDS } from '../../domain/dispute-evidence.js';
import type { EvidenceOutcome, OutgoingEvidence } from '../payment-provider.js';
import { unknownOf } from './unknown.js';

/** A dispute in our words. Its fee is what its first balance transaction was charged. */
export function listedDispute(dispute: Stripe.Dispute): ProviderDispute {
  const { evidence_details: evidence, metadata } = dispute;
  const submittedBy = metadata.evidence_operation;
  return {
    reference: dispute.id,
    amountCents: dispute.amount,
    currency: dispute.currency.toUpperCase(),
    reason: dispute.reason,
    status: statusOf(dispute.status),
    feeCents: dispute.balance_transactions.reduce((fee, { fee: each }) => fee + each, 0),
    evidenceDueBy: evidence.due_by ? instant(evidence.due_by) : null,
    submissions: evidence.submission_count,
    submittedBy: isUuid(submittedBy) ? submittedBy : null,
    createdAt: instant(dispute.created),
  };
}

/**
 * Every field is sent, an empty text taking out what an earlier draft had. The metadata tells later
 * which of our calls handed the evidence in, should its answer get lost.
 */
export function evidenceUpdate(
  { text, purchaseAddress }: OutgoingEvidence,
  submit: boolean,
  operationId: Uuid,
): Stripe.DisputeUpdateParams {
  const evidence = Object.fromEntries(EVIDENCE_FIELDS.map((field) => [field, text[field] ?? '']));
  return {
    evidence: { ...evidence, customer_purchase_ip: purchaseAddress ?? '' },
    submit,
    ...(submit && { metadata: { evidence_operation: operationId } }),
  };
}

export function evidenceOutcomeOf(dispute: Stripe.Dispute): EvidenceOutcome {
  return { kind: 'succeeded', dispute: listedDispute(dispute) };
}

/** Evidence that Stripe refuses went nowhere; any other failure leaves open whether it arrived. */
export function evidenceOutcomeOfError(error: unknown): EvidenceOutcome {
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    return { kind: 'failed', reason: error.code ?? 'refused by the provider' };
  }
  return unknownOf(error);
}

/** A state that Stripe adds later (such as `prevented`) moves nothing until we know it. */
function statusOf(status: string): DisputeStatus {
  return DISPUTE_STATES.find((known) => known === status) ?? 'warning_closed';
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
