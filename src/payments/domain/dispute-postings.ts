import { derivedId, type Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { account, type Journal, journal, type Posting } from '../../ledger/ledger.contract.js';
import type { DisputeTerms } from './dispute.js';
import { paidLines, type Parts, totalOf } from './paid-lines.js';
import { credit, debit } from './postings.js';
import type { Sale } from './sale.js';

/** The line that names what a dispute reserves of the venue's money. */
export const VENUE_HOLD = 'dispute_hold';

/** The line that names what a lost dispute takes of the venue's money beyond what was reserved. */
export const VENUE_LOSS = 'dispute_tickets';

/** A dispute's journals, as names under the dispute's own id. */
export const DISPUTE_JOURNALS = {
  opened: 'dispute opened',
  fee: 'dispute fee',
  won: 'dispute won',
  lost: 'dispute lost',
} as const;

/** The ids of a dispute's journals, of which each is posted at most once. */
export function disputeJournalId(disputeId: Uuid, journal: keyof typeof DISPUTE_JOURNALS): Uuid {
  return derivedId(disputeId, DISPUTE_JOURNALS[journal]);
}

/** The id of what a refund that came back adds to a dispute that was lost before. */
export function lossAddedJournalId(disputeId: Uuid, refundId: Uuid): Uuid {
  return derivedId(disputeId, `dispute loss of refund ${refundId}`);
}

interface Posted {
  readonly sale: Sale;
  readonly terms: DisputeTerms;
  readonly id: Uuid;
  readonly businessDate: string;
  /** Money that came too late: no line of it was ever credited, it is set aside for the buyer. */
  readonly late: boolean;
}

/**
 * The provider took the disputed amount. The venue's part of it is reserved until it is decided,
 * where the venue would have to bear the loss.
 */
export function disputeOpenedJournal({ sale, terms, late, ...rest }: Posted): Journal {
  const amount = toCents(terms.amountCents);
  const held = toCents(late || !venueBears(sale) ? 0 : (terms.parts.tickets ?? 0));
  return movement('dispute_opened', sale, rest, [
    debit(account.disputesHeld, amount, 'dispute'),
    credit(account.providerClearing(sale.charge.provider), amount, 'dispute'),
    debit(account.venue(sale.venueId, 'debt'), held, VENUE_HOLD),
    credit(account.venue(sale.venueId, 'reserved'), held, VENUE_HOLD),
  ]);
}

/** What the provider asks for a dispute, whoever wins it. */
export function disputeFeeJournal({ sale, terms, ...rest }: Posted): Journal | null {
  if (terms.feeCents === 0) return null;
  const fee = toCents(terms.feeCents);
  return movement('dispute_fee', sale, rest, [
    debit(account.disputeFees, fee, 'dispute_fee'),
    credit(account.providerClearing(sale.charge.provider), fee, 'dispute_fee'),
  ]);
}

/**
 * The disputed money is the buyer's: it was every line's, the venue's from its reserve, and from its
 * buckets what of `terms.parts` was `added` when the reserve had been made, unless the platform
 * bears that. What a bank took beyond, after refunds, nobody but the platform can bear.
 */
export function disputeLostJournal(
  { sale, terms, late, ...rest }: Posted,
  added: Parts = {},
): Journal {
  return movement('dispute_lost', sale, rest, [
    credit(account.disputesHeld, toCents(terms.amountCents), 'dispute'),
    ...lossPostings(sale, terms.parts, added, late),
    debit(
      account.disputeLosses,
      toCents(terms.amountCents - totalOf(terms.parts)),
      'dispute_uncovered',
    ),
  ]);
}

/** What the platform had to bear of a lost dispute is `added` to what the lines do after all. */
export function disputeLossAddedJournal(
  { sale, late, ...rest }: Omit<Posted, 'terms'>,
  added: Parts,
): Journal {
  return movement('dispute_loss_added', sale, rest, [
    ...lossPostings(sale, added, added, late),
    credit(account.disputeLosses, toCents(totalOf(added)), 'dispute_uncovered'),
  ]);
}

/** The buyer's lines that a bank took. Of the tickets all was reserved but what was `added`. */
function lossPostings(sale: Sale, parts: Parts, added: Parts, late: boolean): Posting[] {
  if (late) {
    return [debit(account.refundsPending, toCents(totalOf(parts)), 'dispute_late_charge')];
  }
  const { tickets = 0, ...others } = parts;
  return [
    ...ticketLoss(sale, tickets, added.tickets ?? 0),
    // Only accounts and codes are of interest: the amounts are the dispute's own.
    ...paidLines(sale, sale.price.total).map(({ key, account: name, code }) =>
      debit(name, toCents(others[key] ?? 0), `dispute_${code}`),
    ),
  ];
}

function ticketLoss(sale: Sale, tickets: number, unreserved: number): Posting[] {
  if (!venueBears(sale)) return [debit(account.disputeLosses, toCents(tickets), 'dispute_borne')];
  return [
    debit(account.venue(sale.venueId, 'reserved'), toCents(tickets - unreserved), VENUE_HOLD),
    debit(account.venue(sale.venueId, 'debt'), toCents(unreserved), VENUE_LOSS),
  ];
}

const venueBears = ({ disputeLossPayer }: Sale): boolean => disputeLossPayer === 'venue';

function movement(
  kind: string,
  sale: Sale,
  { id, businessDate }: Pick<Posted, 'id' | 'businessDate'>,
  postings: Posting[],
): Journal {
  const { currency } = sale.price;
  return journal({ id, kind, referenceId: sale.paymentId, currency, businessDate, postings });
}
