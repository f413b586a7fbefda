import type { Uuid } from '../../kernel/ids.js';
import { type Parts, plus } from './paid-lines.js';

/**
 * A dispute that moves money: the provider has taken `amountCents` back. `parts` say which of the
 * payment's lines they are; what was given back before is not among them.
 */
export interface DisputeTerms {
  readonly disputeId: Uuid;
  readonly reference: string;
  readonly amountCents: number;
  readonly parts: Parts;
  /** The provider's fee, in cents. */
  readonly feeCents: number;
  readonly reason: string;
}

export interface PaymentDispute {
  readonly terms: DisputeTerms;
  readonly status: 'open' | 'won' | 'lost';
}

/** What lost disputes take beyond what they covered, by our id of the dispute. */
export type Losses = Readonly<Record<Uuid, Parts>>;

/** A dispute that takes more of the payment's lines than before. */
export function taking({ terms, status }: PaymentDispute, added: Parts): PaymentDispute {
  return { terms: { ...terms, parts: plus(terms.parts, added) }, status };
}

/** A dispute as the provider lists it, in Stripe's words (docs.stripe.com/api/disputes/object). */
export interface ProviderDispute {
  readonly reference: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly reason: string;
  readonly status: DisputeStatus;
  readonly feeCents: number;
  /** When evidence has to be in, ISO 8601; null where none is taken. */
  readonly evidenceDueBy: string | null;
  readonly submissions: number;
  /** Our operation that handed the evidence in, where it says so. */
  readonly submittedBy?: Uuid | null;
  readonly createdAt: string;
}

export const DISPUTE_STATES = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'needs_response',
  'under_review',
  'won',
  'lost',
] as const;

export type DisputeStatus = (typeof DISPUTE_STATES)[number];

/** What a state means for the money; an inquiry (`warning_*`) moves none. */
export function movement(status: DisputeStatus): PaymentDispute['status'] | 'none' {
  if (status === 'won' || status === 'lost') return status;
  return status === 'needs_response' || status === 'under_review' ? 'open' : 'none';
}
