import { derivedId } from '../../kernel/ids.js';
import {
  type DisputeTerms,
  type Losses,
  movement,
  type ProviderDispute,
  taking,
} from './dispute.js';
import { remainingLines } from './given-back.js';
import type { BegunPayment } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import { type Parts, split, sumOf, totalOf } from './paid-lines.js';

/** Our id of a dispute: the same for everyone who meets its reference. */
export function disputeIdOf(paymentId: string, reference: string): DisputeTerms['disputeId'] {
  return derivedId(paymentId, `dispute ${reference}`);
}

/**
 * A dispute as the provider has it now. One that is met closed has been opened as well. A second
 * one waits until the first has ended.
 */
export function recordDispute(
  found: ProviderDispute,
  state: BegunPayment,
): readonly PaymentEvent[] {
  const disputeId = disputeIdOf(state.sale.paymentId, found.reference);
  const known = state.disputes[disputeId];
  const moved = movement(found.status);
  if (moved === 'none' || (known && known.status !== 'open')) return [];
  if (!known && !mayOpen(state)) return [];
  const opened: PaymentEvent[] = known
    ? []
    : [{ type: 'dispute.opened', terms: termsOf(found, state) }];
  if (moved === 'open') return opened;
  if (moved === 'won') return [...opened, { type: 'dispute.won', disputeId }];
  const added = known ? take(known.terms.amountCents - totalOf(known.terms.parts), state) : {};
  const lost = { type: 'dispute.lost', disputeId } as const;
  return [...opened, totalOf(added) > 0 ? { ...lost, added } : lost];
}

function mayOpen({ status }: BegunPayment): boolean {
  return ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(status);
}

function termsOf(found: ProviderDispute, state: BegunPayment): DisputeTerms {
  return {
    disputeId: disputeIdOf(state.sale.paymentId, found.reference),
    reference: found.reference,
    amountCents: found.amountCents,
    parts: take(found.amountCents, state),
    feeCents: found.feeCents,
    reason: found.reason,
  };
}

/**
 * What lost disputes take of what a refund has left after all: a bank that had asked for more than
 * there was has it already, and only now it is somebody's.
 */
export function lossesOf(state: BegunPayment): Losses {
  const losses: Record<string, Parts> = {};
  let left = state;
  for (const [id, dispute] of Object.entries(state.disputes)) {
    if (dispute.status !== 'lost') continue;
    const { amountCents, parts } = dispute.terms;
    const added = take(amountCents - totalOf(parts), left);
    if (totalOf(added) === 0) continue;
    losses[id] = added;
    left = { ...left, disputes: { ...left.disputes, [id]: taking(dispute, added) } };
  }
  return losses;
}

/**
 * What a bank takes of the buyer's lines. It may ask for more than is left after refunds: then it
 * is all that is left. What a refund has left after all is there to be taken when the bank decides.
 */
function take(cents: number, state: BegunPayment): Parts {
  const lines = remainingLines(state).filter((line) => line.bearer === 'buyer');
  const taken = Math.min(cents, sumOf(lines));
  return taken > 0 ? split(taken, lines) : {};
}
