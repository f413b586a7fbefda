import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { livingTickets, refundableLines } from './given-back.js';
import type { BegunPayment } from './payment.js';
import { type PaidLine, type Parts, share, split, sumOf } from './paid-lines.js';
import type { GiveBackPolicy, RefundTerms } from './refund.js';

/** What is asked for: an amount in cents, certain tickets, or (neither) all that is left. */
export interface RefundWish {
  readonly amountCents: number | null;
  readonly ticketIds: readonly Uuid[] | null;
}

export type DrawnRefund = Pick<RefundTerms, 'amountCents' | 'parts' | 'ticketIds'>;

/**
 * What goes back and of which lines. An amount is split over what remains by largest remainder, so
 * that taxes and fees go back in proportion and the last refund takes exactly the rest; tickets
 * take their part of every line by price. Refuses what is not the payment's, or no longer there.
 */
export function drawUpRefund(
  payment: BegunPayment,
  { amountCents, ticketIds }: RefundWish,
  policy: GiveBackPolicy,
): DrawnRefund | Refusal {
  const lines = refundableLines(payment, policy);
  const buyers = lines.filter((line) => line.bearer === 'buyer');
  const refundable = sumOf(buyers);
  const living = livingTickets(payment);
  if (ticketIds) {
    const chosen = living.filter((ticket) => ticketIds.includes(ticket.id));
    if (chosen.length < ticketIds.length) return noSuchTickets();
    if (chosen.length < living.length) return someTickets(chosen, living, lines);
  } else if (amountCents !== null && amountCents !== refundable) {
    if (amountCents > refundable) return tooMuch(refundable);
    const parts = split(amountCents, buyers);
    return { amountCents, parts: withBorne(parts, lines), ticketIds: [] };
  }
  if (refundable === 0 && (living.length === 0 || payment.capturedCents > 0)) return tooMuch(0);
  return {
    amountCents: refundable,
    parts: partsOf(lines, (line) => line.cents),
    ticketIds: living.map((ticket) => ticket.id),
  };
}

type Ticket = BegunPayment['sale']['tickets'][number];

function someTickets(
  chosen: readonly Ticket[],
  living: readonly Ticket[],
  lines: readonly PaidLine[],
): DrawnRefund {
  const all = weightOf(living);
  const wanted = weightOf(chosen, all.byCount);
  const rest = all.total - wanted.total;
  const parts = partsOf(lines, (line) => share(line.cents, wanted.total, rest));
  return {
    amountCents: sumOf(
      lines
        .filter((line) => line.bearer === 'buyer')
        .map((line) => ({ cents: parts[line.key] ?? 0 })),
    ),
    parts,
    ticketIds: chosen.map((ticket) => ticket.id),
  };
}

/** By price; tickets that cost nothing count alike. */
function weightOf(tickets: readonly Ticket[], byCount?: boolean) {
  const price = tickets.reduce((total, ticket) => total + ticket.priceCents, 0);
  const counted = byCount ?? price === 0;
  return { total: counted ? tickets.length : price, byCount: counted };
}

/** What others bore goes back to them as far as the tickets go back to the buyer. */
function withBorne(buyers: Parts, lines: readonly PaidLine[]): Parts {
  const tickets = lines.find((line) => line.key === 'tickets')?.cents ?? 0;
  const back = buyers.tickets ?? 0;
  return partsOf(lines, (line) =>
    line.bearer === 'buyer' ? (buyers[line.key] ?? 0) : share(line.cents, back, tickets - back),
  );
}

function partsOf(lines: readonly PaidLine[], cents: (line: PaidLine) => number): Parts {
  return Object.fromEntries(
    lines.map((line) => [line.key, cents(line)] as const).filter(([, part]) => part !== 0),
  );
}

function noSuchTickets(): Refusal {
  return refuse('VALIDATION_ERROR', 'Validation failed', {
    errors: [
      { field: 'ticketIds', message: 'must be tickets of this payment that are not refunded' },
    ],
  });
}

function tooMuch(refundable: number): Refusal {
  return refuse('REFUND_EXCEEDS_ORIGINAL', 'More than can still be given back.', {
    extra: { refundableCents: refundable },
  });
}
