import type { Uuid } from '../../kernel/ids.js';
import type { PaymentAnswer } from './answer.js';
import type { DisputeCase } from './dispute-case.js';
import { respondedView } from './dispute-views.js';
import type { AskedFor } from './refund-answer.js';

/** What became of the call that carried the evidence; `known` where it is on record already. */
export type EvidenceEnd = 'succeeded' | 'failed' | 'unknown' | 'known';

/**
 * What whoever gave evidence is told: 200 when the provider has it, 202 while nobody knows (the same
 * key asks again), 409 when it was refused.
 */
export function evidenceAnswer(
  id: Uuid,
  dispute: DisputeCase,
  end: EvidenceEnd,
  { at, path, requestId }: AskedFor,
): PaymentAnswer {
  if (end === 'unknown') {
    return { status: 202, body: respondedView(id, dispute, false), final: false };
  }
  if (end !== 'failed') {
    return { status: 200, body: respondedView(id, dispute, true), final: true };
  }
  const refused = {
    error: 'The payment provider takes no such evidence for this dispute.',
    code: 'DISPUTE_CLOSED',
    timestamp: at.toISOString(),
    path,
    requestId,
  };
  return {
    status: 409,
    body: { ...refused, ...respondedView(id, dispute, false) },
    final: true,
  };
}
