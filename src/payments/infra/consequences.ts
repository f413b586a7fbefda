import { recordTaxCollection } from '../../compliance/compliance.contract.js';
import { releasePurchaseTickets } from '../../fraud/fraud.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { assertNever } from '../../kernel/errors.js';
import { derivedId } from '../../kernel/ids.js';
import { type KeyScope, endLease, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type Journal, postJournal } from '../../ledger/ledger.contract.js';
import {
  confirmLimits,
  consumeAccess,
  releaseAccess,
  releaseLimits,
  regainLimits,
} from '../../waiting-room/waiting-room.contract.js';
import type { PaymentAnswer } from '../domain/answer.js';
import { type BegunPayment, isOpen } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import { type Parts, paidLines } from '../domain/paid-lines.js';
import { lateChargeJournal, purchaseJournal } from '../domain/postings.js';
import type { Sale } from '../domain/sale.js';
import { taxPart } from '../domain/tax-part.js';
import { lateRefundRequired, paymentCompleted } from '../domain/integration-events.js';
import { disputeConsequences } from './dispute-consequences.js';
import { holdTicketsAgain, releaseTickets, sellTickets } from './holds.js';
import { refundConsequences } from './refund-consequences.js';

/**
 * Everything that follows from one event of a payment, beside the event and the projection: tickets
 * sold or released, the journal, the tax collected, what others hear. Part of the same transaction.
 * `sequence` is the event's place in the payment's stream.
 *
 * What purchases share is locked in the order in which their first transaction does: access, limits,
 * capacity.
 */
export function consequences(
  event: PaymentEvent,
  payment: BegunPayment,
  at: Date,
  correlationId: string | null,
  sequence: number,
): Statement[] {
  const { sale } = payment;
  switch (event.type) {
    case 'payment.succeeded':
    case 'payment.captured':
      return [
        sellTickets(sale),
        ...confirmed(sale),
        ...moneyIn(payment, at),
        completed(payment, at, correlationId, sequence),
      ];
    case 'payment.succeeded_late':
      return [
        regainLimits(sale.tenantId, sale.paymentId),
        ...holdTicketsAgain(sale),
        sellTickets(sale),
        ...confirmed(sale),
        ...moneyIn(payment, at),
        completed(payment, at, correlationId, sequence),
      ];
    case 'payment.late_refund_required':
      return [
        postJournal(sale.tenantId, lateCharge(sale, at)),
        publish(sale.tenantId, { ...lateRefundRequired(payment, at, correlationId), sequence }),
      ];
    case 'payment.failed':
    case 'payment.cancelled':
    case 'payment.voided':
    case 'payment.expired':
      return [...released(sale), ...releaseTickets(sale)];
    case 'refund.initiated':
    case 'refund.completed':
    case 'refund.failed':
    case 'refund.reversed':
      return refundConsequences(event, payment, at, correlationId, sequence);
    case 'dispute.opened':
    case 'dispute.won':
    case 'dispute.lost':
      return disputeConsequences(event, payment, at, correlationId, sequence);
    case 'payment.authorized':
      // The buyer is through. A person may take days to decide, and nobody queues for that long.
      return spent(sale);
    case 'payment.initiated':
    case 'payment.processing':
    case 'payment.outcome_unknown':
    case 'payment.requires_action':
    case 'payment.review_required':
      return [];
    default:
      return assertNever(event);
  }
}

/** Stores the final answer under the request's key, or sets the key free to ask again. */
export function answerStatement(payment: BegunPayment, answer: PaymentAnswer): Statement[] {
  const scope = keyScope(payment.sale);
  if (answer.final) {
    return [storeAnswer(scope, { status: answer.status, body: JSON.stringify(answer.body) })];
  }
  return isOpen(payment.status) || payment.status === 'IN_REVIEW' ? [endLease(scope)] : [];
}

export function keyScope(sale: Sale): KeyScope {
  const { operation, idempotencyKey } = sale.request;
  return { tenantId: sale.tenantId, userId: sale.userId, operation, key: idempotencyKey };
}

/** What the buyer had reserved beside the tickets is used up. */
function confirmed(sale: Sale): Statement[] {
  return [...spent(sale), confirmLimits(sale.tenantId, sale.paymentId)];
}

/** The access from the waiting room is used up, and its slot somebody else's. */
function spent({ tenantId, paymentId, admission }: Sale): Statement[] {
  return admission === null ? [] : [consumeAccess(tenantId, paymentId)];
}

/** The buyer may try again: within the limits, and with the same access unless it was used up. */
function released({ tenantId, paymentId, admission }: Sale): Statement[] {
  return [
    ...(admission === null ? [] : [releaseAccess(tenantId, paymentId)]),
    releaseLimits(tenantId, paymentId, null),
    releasePurchaseTickets(tenantId, paymentId),
  ];
}

function moneyIn({ sale, capturedCents }: BegunPayment, at: Date): Statement[] {
  const { tenantId, paymentId, price, event } = sale;
  const day = businessDate(at, event.timezone);
  const journal = purchaseJournal(sale, capturedCents, derivedId(paymentId, 'purchase'), day);
  return [
    ...(journal ? [postJournal(tenantId, journal)] : []),
    ...(price.tax.lines.length > 0
      ? [
          recordTaxCollection({
            tenantId,
            id: derivedId(paymentId, 'tax'),
            transactionId: paymentId,
            tax: taxPart(sale, partsOf(sale, capturedCents)),
            currency: price.currency,
            createdAt: at,
          }),
        ]
      : []),
  ];
}

function partsOf(sale: Sale, capturedCents: number): Parts {
  return Object.fromEntries(paidLines(sale, capturedCents).map(({ key, cents }) => [key, cents]));
}

function lateCharge(sale: Sale, at: Date): Journal {
  const day = businessDate(at, sale.event.timezone);
  return lateChargeJournal(sale, derivedId(sale.paymentId, 'late charge'), day);
}

function completed(
  payment: BegunPayment,
  at: Date,
  correlationId: string | null,
  sequence: number,
): Statement {
  const event = { ...paymentCompleted(payment, at, correlationId), sequence };
  return publish(payment.sale.tenantId, event);
}
