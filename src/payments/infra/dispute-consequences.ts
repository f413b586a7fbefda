import { recordedTax, recordTaxCollection } from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { assertNever } from '../../kernel/errors.js';
import { derivedId } from '../../kernel/ids.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  account,
  type Journal,
  postDrawingJournal,
  postJournal,
  reverseJournal,
} from '../../ledger/ledger.contract.js';
import type { DisputeTerms } from '../domain/dispute.js';
import { disputeChanged } from '../domain/dispute-integration-events.js';
import {
  DISPUTE_JOURNALS,
  disputeFeeJournal,
  disputeLostJournal,
  disputeOpenedJournal,
  VENUE_HOLD,
} from '../domain/dispute-postings.js';
import type { BegunPayment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import { taxPart } from '../domain/tax-part.js';

export type DisputeMoneyEvent = Extract<PaymentEvent, { type: `dispute.${string}` }>;

/** What follows from one event of a dispute: the journals, and what others hear. */
export function disputeConsequences(
  event: DisputeMoneyEvent,
  payment: BegunPayment,
  at: Date,
  correlationId: string | null,
): Statement[] {
  const { sale, disputes } = payment;
  const { tenantId } = sale;
  const disputeId = event.type === 'dispute.opened' ? event.terms.disputeId : event.disputeId;
  const terms = disputes[disputeId]?.terms;
  if (!terms) throw new Error(`${event.type} of a dispute that is not there: ${disputeId}`);
  const day = businessDate(at, sale.event.timezone);
  const posted = (journal: keyof typeof DISPUTE_JOURNALS) => ({
    sale,
    terms,
    id: derivedId(disputeId, DISPUTE_JOURNALS[journal]),
    businessDate: day,
    late: payment.late,
  });
  const told = publish(tenantId, disputeChanged(event.type, payment, terms, at, correlationId));
  switch (event.type) {
    case 'dispute.opened': {
      const fee = disputeFeeJournal(posted('fee'));
      return [
        ...reserve(payment, disputeOpenedJournal(posted('opened'))),
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
        postJournal(tenantId, disputeLostJournal(posted('lost'))),
        ...taxLost(payment, terms, at),
        told,
      ];
    default:
      return assertNever(event);
  }
}

/** Tax of a sale that a bank has undone was not collected after all. */
function taxLost({ sale, late }: BegunPayment, terms: DisputeTerms, at: Date): Statement[] {
  const tax = taxPart(sale, terms.parts, -1);
  if (late || recordedTax(tax) === 0) return [];
  return [
    recordTaxCollection({
      tenantId: sale.tenantId,
      id: derivedId(terms.disputeId, 'tax lost'),
      transactionId: sale.paymentId,
      tax,
      currency: sale.price.currency,
      createdAt: at,
    }),
  ];
}

function reserve({ sale }: BegunPayment, journal: Journal): Statement[] {
  const { tenantId, venueId } = sale;
  return postDrawingJournal(tenantId, journal, {
    code: VENUE_HOLD,
    from: [account.venue(venueId, 'pending'), account.venue(venueId, 'available')],
    lock: `venue ${venueId}`,
  });
}
