import type { Letter, LetterRow } from '../../kernel/notifications/letter.js';
import { formatMoney, toCents } from '../../kernel/money/index.js';
import { chargedCents, livingTickets } from './given-back.js';
import { type BegunPayment, isSettled } from './payment.js';
import { type PaidLine, paidLines } from './paid-lines.js';
import type { RefundOrigin } from './refund.js';
import type { Sale } from './sale.js';

/** What a buyer is told by mail, and about what. Ids only: it is stored and logged. */
export type BuyerNews =
  | { readonly letter: 'receipt'; readonly paymentId: string }
  | { readonly letter: 'refund'; readonly paymentId: string; readonly refundId: string }
  | { readonly letter: 'cancellation'; readonly paymentId: string };

/** The letter to be written as the payment stands now; nothing when it has become untrue. */
export function letterOf(news: BuyerNews, payment: BegunPayment): Letter | undefined {
  if (!isSettled(payment.status)) return undefined;
  switch (news.letter) {
    case 'receipt':
      return receipt(payment);
    case 'refund':
      return refundConfirmation(payment, news.refundId);
    case 'cancellation':
      return cancellationNotice(payment);
  }
}

function receipt(payment: BegunPayment): Letter {
  const { sale, capturedCents } = payment;
  const paid = paidLines(sale, capturedCents)
    .filter(({ bearer, cents }) => bearer === 'buyer' && cents !== 0)
    .map((line) => ({ label: labelOf(line, sale), value: money(line.cents, sale) }));
  return {
    subject: `Your receipt for ${sale.event.name}`,
    paragraphs: [`Thank you for your order. Here is your receipt for ${sale.event.name}.`],
    rows: [
      ...eventRows(sale),
      ...paid,
      { label: 'Total charged', value: money(chargedCents(payment), sale) },
      ...reference(sale),
    ],
    closing: 'Your tickets are in your account. Please keep this receipt for your records.',
  };
}

const BECAUSE: Readonly<Record<RefundOrigin, string>> = {
  request: 'Your refund is on its way to the card you paid with.',
  cancellation: 'The event was cancelled. Your refund is on its way to the card you paid with.',
  late: 'Your payment arrived after your order had ended, so it is on its way back to your card.',
  provider: 'Your refund is on its way to the card you paid with.',
};

function refundConfirmation(payment: BegunPayment, refundId: string): Letter | undefined {
  const refund = payment.refunds[refundId];
  if (refund?.status !== 'completed') return undefined;
  const { sale } = payment;
  const { amountCents, ticketIds, origin } = refund.terms;
  return {
    subject: `Your refund for ${sale.event.name}`,
    paragraphs: [BECAUSE[origin]],
    rows: [
      ...eventRows(sale),
      ...(ticketIds.length > 0
        ? [{ label: 'Tickets given back', value: String(ticketIds.length) }]
        : []),
      { label: 'Refunded', value: money(amountCents, sale) },
      ...reference(sale),
      { label: 'Refund', value: refundId },
    ],
    closing: 'Banks usually need five to ten days to show it on your statement.',
  };
}

/** Whoever had given everything back before the event was cancelled is not told of it. */
function cancellationNotice(payment: BegunPayment): Letter | undefined {
  const { sale, refunds } = payment;
  const givenBack = Object.values(refunds).some(({ terms }) => terms.origin === 'cancellation');
  if (!givenBack && livingTickets(payment).length === 0) return undefined;
  return {
    subject: `Cancelled: ${sale.event.name}`,
    paragraphs: [
      `We are sorry: ${sale.event.name} has been cancelled.`,
      'There is nothing you need to do. We give back what you paid as the terms of sale say, and write again when the money is on its way.',
    ],
    rows: [...eventRows(sale), ...reference(sale)],
    closing: 'Your tickets for this event are no longer valid.',
  };
}

function eventRows({ event, tickets }: Sale): LetterRow[] {
  const seats = tickets.flatMap(({ seat }) => (seat === null ? [] : [seat]));
  return [
    { label: 'Event', value: event.name },
    { label: 'Begins', value: localTime(event.startsAt, event.timezone) },
    ...(seats.length > 0 ? [{ label: 'Seats', value: seats.join(', ') }] : []),
  ];
}

function reference({ paymentId, orderId }: Sale): LetterRow[] {
  const order = orderId === null ? [] : [{ label: 'Order', value: orderId }];
  return [...order, { label: 'Payment', value: paymentId }];
}

const LABELS: Readonly<Record<string, string>> = {
  platform_fee: 'Service fee',
  gas_fee: 'Network fee',
  processing_fee: 'Processing fee',
};

/** A tax line's key is its ledger account, `tax:<jurisdiction>:<kind>`. */
function labelOf({ key, code }: PaidLine, { tickets }: Sale): string {
  if (key === 'tickets') return tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`;
  if (code !== 'tax') return LABELS[key] ?? key;
  const [, jurisdiction = '', kind = ''] = key.split(':');
  return `Tax, ${jurisdiction} (${kind})`;
}

function money(cents: number, { price }: Sale): string {
  return formatMoney(toCents(cents), price.currency);
}

function localTime(instant: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone,
  });
  return format.format(new Date(instant));
}
