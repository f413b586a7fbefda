import { derivedId } from '../../kernel/ids.js';
import { type DisputeTerms, movement, type ProviderDispute } from './dispute.js';
import { remainingLines } from './given-back.js';
import type { BegunPayment } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import { split, sumOf } from './paid-lines.js';

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
  return [...opened, { type: `dispute.${moved}`, disputeId }];
}

function mayOpen({ status }: BegunPayment): boolean {
  return ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(status);
}

/** A bank may dispute more than is left after refunds: then all that is left is covered. */
function termsOf(found: ProviderDispute, state: BegunPayment): DisputeTerms {
  const lines = remainingLines(state).filter((line) => line.bearer === 'buyer');
  const covered = Math.min(found.amountCents, sumOf(lines));
  return {
    disputeId: disputeIdOf(state.sale.paymentId, found.reference),
    reference: found.reference,
    amountCents: found.amountCents,
    parts: covered > 0 ? split(covered, lines) : {},
    feeCents: found.feeCents,
    reason: found.reason,
  };
}
