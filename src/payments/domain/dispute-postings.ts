import type { Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { account, type Journal, journal, type Posting } from '../../ledger/ledger.contract.js';
import type { DisputeTerms } from './dispute.js';
import { paidLines } from './paid-lines.js';
import { credit, debit } from './postings.js';
import type { Sale } from './sale.js';

/** The line that names what a dispute reserves of the venue's money. */
export const VENUE_HOLD = 'dispute_hold';

/** The ids of a dispute's journals, as names under the dispute's own id. */
export const DISPUTE_JOURNALS = {
  opened: 'dispute opened',
  fee: 'dispute fee',
  won: 'dispute won',
  lost: 'dispute lost',
} as const;

interface Posted {
  readonly sale: Sale;
  readonly terms: DisputeTerms;
  readonly id: Uuid;
  readonly businessDate: string;
  /** Money that came too late: no line of it was ever credited, it is set aside for the buyer. */
  readonly late: boolean;
}

/** The provider took the disputed amount; the venue's part of it is reserved until it is decided. */
export function disputeOpenedJournal({ sale, terms, late, ...rest }: Posted): Journal {
  const amount = toCents(terms.amountCents);
  const held = toCents(late ? 0 : (terms.parts.tickets ?? 0));
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
 * The disputed money is the buyer's: it was every line's, the venue's from its reserve. What a bank
 * took beyond that, after refunds, nobody but the platform can bear.
 */
export function disputeLostJournal({ sale, terms, late, ...rest }: Posted): Journal {
  const lines = paidLines(sale, sale.price.total).map((line) => ({
    ...line,
    cents: terms.parts[line.key] ?? 0,
  }));
  const covered = lines.reduce((total, line) => total + line.cents, 0);
  const reserved = account.venue(sale.venueId, 'reserved');
  return movement('dispute_lost', sale, rest, [
    credit(account.disputesHeld, toCents(terms.amountCents), 'dispute'),
    ...(late
      ? [debit(account.refundsPending, toCents(covered), 'dispute_late_charge')]
      : lines.map((line) =>
          debit(
            line.key === 'tickets' ? reserved : line.account,
            toCents(line.cents),
            line.key === 'tickets' ? VENUE_HOLD : `dispute_${line.code}`,
          ),
        )),
    debit(account.disputeLosses, toCents(terms.amountCents - covered), 'dispute_uncovered'),
  ]);
}

function movement(
  kind: string,
  sale: Sale,
  { id, businessDate }: Pick<Posted, 'id' | 'businessDate'>,
  postings: Posting[],
): Journal {
  const { currency } = sale.price;
  return journal({ id, kind, referenceId: sale.paymentId, currency, businessDate, postings });
}
