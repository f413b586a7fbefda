import { recordedTax, recordTaxCollection } from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { assertNever } from '../../kernel/errors.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { openItem } from '../../kernel/open-items/index.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  account,
  postDrawingJournal,
  postJournal,
  reverseJournal,
} from '../../ledger/ledger.contract.js';
import { releaseLimits } from '../../waiting-room/waiting-room.contract.js';
import type { BegunPayment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import type { RefundTerms } from '../domain/refund.js';
import { refundChanged } from '../domain/refund-integration-events.js';
import {
  REFUND_JOURNALS,
  refundPaidJournal,
  refundRequestedJournal,
  VENUE_PART,
} from '../domain/refund-postings.js';
import type { Sale } from '../domain/sale.js';
import { taxPart } from '../domain/tax-part.js';
import { lossesTaken } from './dispute-consequences.js';
import { endTickets, resumeTickets, suspendTickets } from './holds.js';
import { completeRefund, failRefund, insertRefund } from './refund-rows.js';

/** Who asked hears of the failure: the caller, or the job of the cancelled event. */
const HEARD_ELSEWHERE: ReadonlySet<string> = new Set(['request', 'cancellation']);

export type RefundEvent = Extract<PaymentEvent, { type: `refund.${string}` }>;

/** What follows from one event of a refund: its row, the tickets, the journals, what others hear. */
export function refundConsequences(
  event: RefundEvent,
  payment: BegunPayment,
  at: Date,
  correlationId: string | null,
  sequence: number,
): Statement[] {
  const { sale, refunds } = payment;
  const refundId = event.type === 'refund.initiated' ? event.terms.refundId : event.refundId;
  const terms = refunds[refundId]?.terms;
  if (!terms) throw new Error(`${event.type} of a refund that is not there: ${refundId}`);
  const day = businessDate(at, sale.event.timezone);
  const change = refundChanged(event.type, payment, terms, at, correlationId);
  const told = publish(sale.tenantId, { ...change, sequence });
  return [...effects(event, payment, terms, { at, day }), told];
}

function effects(
  event: RefundEvent,
  payment: BegunPayment,
  terms: RefundTerms,
  { at, day }: { readonly at: Date; readonly day: string },
): Statement[] {
  const { sale } = payment;
  const { refundId, ticketIds } = terms;
  switch (event.type) {
    case 'refund.initiated':
      return [
        insertRefund(sale, terms, at, event.reference ?? null),
        suspendTickets(sale, ticketIds),
        ...requested(sale, terms, day),
      ];
    case 'refund.completed':
      return [
        completeRefund(sale, refundId, event.reference, at),
        ...ended(sale, endingTickets(payment, terms), terms.freeSeats),
        ...paid(sale, terms, day),
        ...taxGivenBack(sale, terms, 'refunded', -1, at),
      ];
    case 'refund.failed':
      return [
        failRefund(sale, refundId, event.reason),
        resumeTickets(sale, ticketIds),
        undo(sale, refundId, REFUND_JOURNALS.requested, day),
        ...lossesTaken(payment, event.losses ?? {}, refundId, { at, day }),
        ...(HEARD_ELSEWHERE.has(terms.origin)
          ? []
          : [forHuman('refund_failed', sale, terms, event.reason)]),
      ];
    case 'refund.reversed':
      // Its tickets stay ended: their places may be somebody else's by now.
      return [
        failRefund(sale, refundId, event.reason),
        undo(sale, refundId, REFUND_JOURNALS.paid, day),
        undo(sale, refundId, REFUND_JOURNALS.requested, day),
        ...taxGivenBack(sale, terms, 'refund reversed', 1, at),
        ...lossesTaken(payment, event.losses ?? {}, refundId, { at, day }),
        forHuman('refund_reversed', sale, terms, event.reason),
      ];
    default:
      return assertNever(event);
  }
}

/** Tickets that are the buyer's no more, and no longer count towards what the buyer may have. */
function ended(sale: Sale, ids: readonly Uuid[], freed: boolean): Statement[] {
  if (ids.length === 0) return [];
  return [
    releaseLimits(sale.tenantId, sale.paymentId, ids.length),
    ...endTickets(sale, ids, freed),
  ];
}

/** Late money never had tickets; those of a refund that came back have ended already. */
function endingTickets({ refunds }: BegunPayment, terms: RefundTerms): readonly Uuid[] {
  if (terms.origin === 'late') return [];
  const ended = Object.values(refunds).flatMap((refund) =>
    refund.status === 'reversed' ? refund.terms.ticketIds : [],
  );
  return terms.ticketIds.filter((id) => !ended.includes(id));
}

function requested(sale: Sale, terms: RefundTerms, day: string): Statement[] {
  const id = derivedId(terms.refundId, REFUND_JOURNALS.requested);
  const journal = refundRequestedJournal(sale, terms, id, day);
  if (!journal) return [];
  const { venueId, tenantId } = sale;
  return postDrawingJournal(tenantId, journal, {
    code: VENUE_PART,
    from: [account.venue(venueId, 'pending'), account.venue(venueId, 'available')],
    lock: `venue ${venueId}`,
  });
}

function paid(sale: Sale, terms: RefundTerms, day: string): Statement[] {
  const id = derivedId(terms.refundId, REFUND_JOURNALS.paid);
  const journal = refundPaidJournal(sale, terms, id, day);
  return journal ? [postJournal(sale.tenantId, journal)] : [];
}

/** Tax that goes back was not collected after all. Late money never was a sale. */
function taxGivenBack(
  sale: Sale,
  terms: RefundTerms,
  why: string,
  sign: 1 | -1,
  at: Date,
): Statement[] {
  const tax = taxPart(sale, terms.parts, sign);
  if (terms.origin === 'late' || recordedTax(tax) === 0) return [];
  const { tenantId, paymentId, price } = sale;
  return [
    recordTaxCollection({
      tenantId,
      id: derivedId(terms.refundId, `tax ${why}`),
      transactionId: paymentId,
      tax,
      currency: price.currency,
      createdAt: at,
    }),
  ];
}

/** Nobody waits at the other end of the line: somebody has to see that the buyer gets the money. */
function forHuman(kind: string, sale: Sale, terms: RefundTerms, reason: string): Statement {
  return openItem(sale.tenantId, {
    kind,
    subjectType: 'refund',
    subjectId: terms.refundId,
    cause: `The provider could not pay the buyer: ${reason}`,
    atRisk: { cents: toCents(terms.amountCents), currency: sale.price.currency },
    details: { paymentId: sale.paymentId, origin: terms.origin },
  });
}

function undo(sale: Sale, refundId: Uuid, journal: string, businessDay: string): Statement {
  return reverseJournal(sale.tenantId, {
    journalId: derivedId(refundId, journal),
    id: derivedId(refundId, `${journal}, undone`),
    kind: `${journal.replace(' ', '_')}_undone`,
    businessDate: businessDay,
  });
}
