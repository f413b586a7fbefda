import type { Uuid } from '../../kernel/ids.js';
import { subtract, sum, toCents, ZERO } from '../../kernel/money/index.js';
import { account, type Journal, journal, type Posting } from '../../ledger/ledger.contract.js';
import { paidLines } from './paid-lines.js';
import { bornBy, credit, debit } from './postings.js';
import type { RefundTerms } from './refund.js';
import type { Sale } from './sale.js';

/** The line that names what a refund takes from the venue; its buckets decide where from. */
export const VENUE_PART = 'refund_tickets';

/** The ids of a refund's journals, as names under the refund's own id. */
export const REFUND_JOURNALS = { requested: 'refund requested', paid: 'refund paid' } as const;

/**
 * Asking for a refund takes every part from the account it was credited to and sets the sum aside
 * for the buyer. What the venue or the platform bore goes back to them. Null where nothing moves:
 * money that came late is set aside already.
 */
export function refundRequestedJournal(
  sale: Sale,
  terms: RefundTerms,
  id: Uuid,
  businessDate: string,
): Journal | null {
  if (terms.origin === 'late' || Object.keys(terms.parts).length === 0) return null;
  // Only accounts and bearers are of interest: the amounts are the refund's own.
  const lines = paidLines(sale, sale.price.total).map((line) => ({
    ...line,
    part: toCents(terms.parts[line.key] ?? 0),
  }));
  const borneByVenue = lines.filter((line) => line.bearer === 'venue');
  const tickets = lines.find((line) => line.key === 'tickets')?.part ?? ZERO;
  // The venue gives back its tickets and gets back what it bore: one line, drawn from its buckets.
  const venuePart = subtract(tickets, sum(borneByVenue.map((line) => line.part)));
  const postings: Posting[] = [
    credit(account.refundsPending, toCents(terms.amountCents), 'refund'),
    venuePart < 0n
      ? debit(account.venue(sale.venueId, 'pending'), venuePart, VENUE_PART)
      : debit(account.venue(sale.venueId, 'debt'), venuePart, VENUE_PART),
    ...lines
      .filter((line) => line.key !== 'tickets')
      .map((line) => debit(line.account, line.part, `refund_${line.code}`)),
    ...lines
      .filter((line) => line.bearer === 'platform')
      .map((line) => credit(bornBy(line, sale), line.part, `refund_${line.code}_borne`)),
  ];
  return journal({
    id,
    kind: 'refund_requested',
    referenceId: sale.paymentId,
    currency: sale.price.currency,
    businessDate,
    postings,
  });
}

/** The provider has paid it: what was set aside leaves the clearing account. */
export function refundPaidJournal(
  sale: Sale,
  terms: RefundTerms,
  id: Uuid,
  businessDate: string,
): Journal | null {
  if (terms.amountCents === 0) return null;
  const amount = toCents(terms.amountCents);
  return journal({
    id,
    kind: 'refund_paid',
    referenceId: sale.paymentId,
    currency: sale.price.currency,
    businessDate,
    postings: [
      debit(account.refundsPending, amount, 'refund'),
      credit(account.providerClearing(sale.charge.provider), amount, 'refund'),
    ],
  });
}
