import { recordTaxCollection } from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { assertNever } from '../../kernel/errors.js';
import { derivedId } from '../../kernel/ids.js';
import { type KeyScope, endLease, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type Journal, postJournal } from '../../ledger/ledger.contract.js';
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
        ...moneyIn(payment, at),
        completed(payment, at, correlationId, sequence),
      ];
    case 'payment.succeeded_late':
      return [
        ...holdTicketsAgain(sale),
        sellTickets(sale),
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
      return releaseTickets(sale);
    case 'refund.initiated':
    case 'refund.completed':
    case 'refund.failed':
    case 'refund.reversed':
      return refundConsequences(event, payment, at, correlationId, sequence);
    case 'dispute.opened':
    case 'dispute.won':
    case 'dispute.lost':
      return disputeConsequences(event, payment, at, correlationId, sequence);
    case 'payment.initiated':
    case 'payment.processing':
    case 'payment.outcome_unknown':
    case 'payment.requires_action':
    case 'payment.authorized':
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
  return isOpen(payment.status) ? [endLease(scope)] : [];
}

export function keyScope(sale: Sale): KeyScope {
  const { operation, idempotencyKey } = sale.request;
  return { tenantId: sale.tenantId, userId: sale.userId, operation, key: idempotencyKey };
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
