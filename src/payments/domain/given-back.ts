import type { Uuid } from '../../kernel/ids.js';
import type { BegunPayment } from './payment.js';
import { type PaidLine, paidLines, sumOf, totalOf } from './paid-lines.js';
import type { GiveBackPolicy } from './refund.js';
import { isSettled, type PaymentStatus } from './transitions.js';

/** What of a payment went back, is going back or may have to, in cents. */
export interface GivenBack {
  readonly refunded: number;
  readonly refundPending: number;
  readonly disputed: number;
  readonly lost: number;
}

/** One total over refunds and disputes: it never passes what was captured. */
export function givenBack({ refunds, disputes }: BegunPayment): GivenBack {
  const totals = { refunded: 0, refundPending: 0, disputed: 0, lost: 0 };
  for (const { status, terms } of Object.values(refunds)) {
    if (status === 'completed') totals.refunded += terms.amountCents;
    if (status === 'pending') totals.refundPending += terms.amountCents;
  }
  for (const { status, terms } of Object.values(disputes)) {
    if (status === 'open') totals.disputed += totalOf(terms.parts);
    if (status === 'lost') totals.lost += totalOf(terms.parts);
  }
  return totals;
}

/** What the buyer is charged, in cents: what was captured once that is known, else the total. */
export function chargedCents({ status, sale, capturedCents }: BegunPayment): number {
  return isSettled(status) ? capturedCents : sale.price.total;
}

/** What the provider has paid back or a bank has taken, in cents; its own fees stand apart. */
export function cashOut({ refunds, disputes }: BegunPayment): number {
  const paid = Object.values(refunds).filter(({ status }) => status === 'completed');
  const taken = Object.values(disputes).filter(({ status }) => status !== 'won');
  return [...paid, ...taken].reduce((total, { terms }) => total + terms.amountCents, 0);
}

/** The captured lines less what of each was given back or is claimed. */
export function remainingLines(payment: BegunPayment): readonly PaidLine[] {
  const taken = [
    ...Object.values(payment.refunds).filter((r) => isAlive(r.status)),
    ...Object.values(payment.disputes).filter((d) => d.status !== 'won'),
  ].map(({ terms }) => terms.parts);
  return paidLines(payment.sale, payment.capturedCents).map((line) => ({
    ...line,
    cents: taken.reduce((left, parts) => left - (parts[line.key] ?? 0), line.cents),
  }));
}

/** The buyer's lines that a policy lets back, as far as they are still there. */
export function refundableLines(
  payment: BegunPayment,
  policy: GiveBackPolicy,
): readonly PaidLine[] {
  return remainingLines(payment).filter((line) => goesBack(line, policy));
}

/** What the buyer could get back now, in cents. */
export function refundableCents(payment: BegunPayment, policy: GiveBackPolicy): number {
  if (payment.capturedCents === 0) return 0;
  return sumOf(refundableLines(payment, policy).filter((line) => line.bearer === 'buyer'));
}

/** Tickets that no refund has ended or is ending. */
export function livingTickets({ sale, refunds }: BegunPayment): readonly Sale['tickets'][number][] {
  const ended = new Set<Uuid>(
    Object.values(refunds)
      .filter((refund) => isAlive(refund.status))
      .flatMap((refund) => refund.terms.ticketIds),
  );
  return sale.tickets.filter((ticket) => !ended.has(ticket.id));
}

/**
 * Where a payment stands once its money is in: an open dispute, then a refund on its way, then
 * what is left. Money that came too late is on its way back until it has gone.
 */
export function rest(payment: BegunPayment): PaymentStatus {
  if (Object.values(payment.disputes).some(({ status }) => status === 'open')) return 'DISPUTED';
  const { refunded, refundPending, lost } = givenBack(payment);
  const gone = refunded + lost;
  if (refundPending > 0 || (payment.late && gone < payment.capturedCents)) return 'REFUNDING';
  const returned = livingTickets(payment).length < payment.sale.tickets.length;
  if (gone === 0 && !returned) return 'PAID';
  return refundableCents(payment, payment.sale.refundPolicy) === 0
    ? 'REFUNDED'
    : 'PARTIALLY_REFUNDED';
}

type Sale = BegunPayment['sale'];

function isAlive(status: string): boolean {
  return status === 'pending' || status === 'completed';
}

function goesBack(line: PaidLine, policy: GiveBackPolicy): boolean {
  if (line.key === 'platform_fee') return policy.refundPlatformFee;
  if (line.key === 'gas_fee') return policy.refundGas;
  if (line.key === 'processing_fee') return policy.refundProcessingFee;
  return true;
}
