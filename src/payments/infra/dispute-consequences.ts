import { recordedTax, recordTaxCollection } from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { assertNever } from '../../kernel/errors.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  account,
  type Journal,
  postDrawingJournal,
  postJournal,
  reverseJournal,
} from '../../ledger/ledger.contract.js';
import type { Losses } from '../domain/dispute.js';
import { disputeChanged } from '../domain/dispute-integration-events.js';
import {
  DISPUTE_JOURNALS,
  disputeFeeJournal,
  disputeJournalId,
  disputeLossAddedJournal,
  disputeLostJournal,
  disputeOpenedJournal,
  lossAddedJournalId,
  VENUE_HOLD,
  VENUE_LOSS,
} from '../domain/dispute-postings.js';
import type { BegunPayment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import type { Parts } from '../domain/paid-lines.js';
import { taxPart } from '../domain/tax-part.js';

export type DisputeMoneyEvent = Extract<PaymentEvent, { type: `dispute.${string}` }>;

/** What follows from one event of a dispute: the journals, and what others hear. */
export function disputeConsequences(
  event: DisputeMoneyEvent,
  payment: BegunPayment,
  at: Date,
  correlationId: string | null,
  sequence: number,
): Statement[] {
  const { sale, disputes } = payment;
  const { tenantId } = sale;
  const disputeId = event.type === 'dispute.opened' ? event.terms.disputeId : event.disputeId;
  // A dispute is opened with what it covered then: the state may be of after it was lost.
  const terms = event.type === 'dispute.opened' ? event.terms : disputes[disputeId]?.terms;
  if (!terms) throw new Error(`${event.type} of a dispute that is not there: ${disputeId}`);
  const day = businessDate(at, sale.event.timezone);
  const posted = (journal: keyof typeof DISPUTE_JOURNALS) => ({
    sale,
    terms,
    id: disputeJournalId(disputeId, journal),
    businessDate: day,
    late: payment.late,
  });
  const change = disputeChanged(event.type, payment, terms, at, correlationId);
  const told = publish(tenantId, { ...change, sequence });
  switch (event.type) {
    case 'dispute.opened': {
      const fee = disputeFeeJournal(posted('fee'));
      return [
        ...drawn(payment, disputeOpenedJournal(posted('opened')), VENUE_HOLD),
        ...(fee ? [postJournal(tenantId, fee)] : []),
        told,
      ];
    }
    case 'dispute.won':
      return [
        reverseJournal(tenantId, {
          journalId: posted('opened').id,
          id: posted('won').id,
          kind: 'dispute_won',
          businessDate: day,
        }),
        told,
      ];
    case 'dispute.lost':
      return [
        ...drawn(payment, disputeLostJournal(posted('lost'), event.added), VENUE_LOSS),
        ...taxLost(payment, terms.parts, derivedId(disputeId, 'tax lost'), at),
        told,
      ];
    default:
      return assertNever(event);
  }
}

/** What follows where lost disputes take what a refund has left after all. */
export function lossesTaken(
  payment: BegunPayment,
  losses: Losses,
  refundId: Uuid,
  { at, day }: { readonly at: Date; readonly day: string },
): Statement[] {
  const { sale, late } = payment;
  return Object.entries(losses).flatMap(([disputeId, added]) => {
    const id = lossAddedJournalId(disputeId, refundId);
    const journal = disputeLossAddedJournal({ sale, late, id, businessDate: day }, added);
    return [
      ...drawn(payment, journal, VENUE_LOSS),
      ...taxLost(payment, added, derivedId(id, 'tax lost'), at),
    ];
  });
}

/** Tax of a sale that a bank has undone was not collected after all. */
function taxLost({ sale, late }: BegunPayment, parts: Parts, id: Uuid, at: Date): Statement[] {
  const tax = taxPart(sale, parts, -1);
  if (late || recordedTax(tax) === 0) return [];
  return [
    recordTaxCollection({
      tenantId: sale.tenantId,
      id,
      transactionId: sale.paymentId,
      tax,
      currency: sale.price.currency,
      createdAt: at,
    }),
  ];
}

/** The venue's line of a journal is taken from what it has coming, then from what it has. */
function drawn({ sale }: BegunPayment, journal: Journal, code: string): Statement[] {
  const { tenantId, venueId } = sale;
  return postDrawingJournal(tenantId, journal, {
    code,
    from: [account.venue(venueId, 'pending'), account.venue(venueId, 'available')],
    lock: `venue ${venueId}`,
  });
}
