import type { DisputeStatus } from './dispute.js';

/**
 * What may come after each state of a dispute (docs.stripe.com/disputes/how-disputes-work): an
 * inquiry can become a dispute, even after it was closed; evidence is handed in once; a decision
 * stands. Anything else is met only when an older reading overtakes a newer one, or when the
 * provider changed its mind.
 */
export const DISPUTE_FOLLOWS: Readonly<Record<DisputeStatus, readonly DisputeStatus[]>> = {
  warning_needs_response: [
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'won',
    'lost',
  ],
  warning_under_review: ['warning_closed', 'needs_response', 'under_review', 'won', 'lost'],
  warning_closed: ['needs_response', 'under_review', 'won', 'lost'],
  needs_response: ['under_review', 'won', 'lost'],
  under_review: ['won', 'lost'],
  won: [],
  lost: [],
};

/** Could `to` be newer than `from`? */
export function follows(from: DisputeStatus, to: DisputeStatus): boolean {
  return DISPUTE_FOLLOWS[from].includes(to);
}

/** Does the bank wait for evidence? */
export function needsResponse(status: DisputeStatus): boolean {
  return status === 'needs_response' || status === 'warning_needs_response';
}

/** Has the bank decided? */
export function isClosed(status: DisputeStatus): boolean {
  return status === 'won' || status === 'lost' || status === 'warning_closed';
}
