import { businessDate } from '../../kernel/business-date.js';
import { recordedTax } from '../../compliance/compliance.contract.js';
import type { Evidence } from './dispute-evidence.js';
import type { BegunPayment } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import type { Sale } from './sale.js';

/** One step of the payment's history. */
export interface LoggedEvent {
  readonly at: Date;
  readonly event: PaymentEvent;
}

/** What is still known of the device behind the purchase, as facts: no fingerprint, no address. */
export interface DeviceFacts {
  readonly fingerprintTaken: boolean;
  readonly addressTaken: boolean;
  /** Earlier purchases of the same account from the same device, and from the same address. */
  readonly earlierByDevice: number;
  readonly earlierByAddress: number;
}

/** Far beyond what one order may hold; the rest is counted. */
const MOST_TICKETS = 60;

/**
 * The evidence that our own log holds for a dispute, as text for the bank: what was bought, shown
 * and delivered, how the buyer was authenticated, what went back. The same log, the same text.
 * Ids, amounts and times only: nobody's name, e-mail or address.
 */
export function evidencePack(
  payment: BegunPayment,
  log: readonly LoggedEvent[],
  device: DeviceFacts | null,
): Evidence {
  const { sale } = payment;
  return {
    product_description: product(sale),
    service_date: businessDate(new Date(sale.event.startsAt), sale.event.timezone),
    refund_policy_disclosure: policy(sale),
    refund_refusal_explanation: refunds(payment),
    access_activity_log: activity(payment, log),
    uncategorized_text: [...price(sale), ...authentication(payment, log), ...signals(device)].join(
      '\n',
    ),
  };
}

function product({ event, tickets, price: { currency } }: Sale): string {
  const listed = tickets.slice(0, MOST_TICKETS).map(({ id, ticketTypeId, seat, priceCents }) => {
    const place = seat === null ? 'general admission' : `seat ${seat}`;
    return `Ticket ${id}: type ${ticketTypeId}, ${place}, ${money(priceCents, currency)}.`;
  });
  const more = tickets.length - listed.length;
  return [
    `${tickets.length} admission ticket(s) to "${event.name}", ` +
      `beginning ${event.startsAt} (${event.timezone}).`,
    ...listed,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join('\n');
}

function policy({ refundPolicy }: Sale): string {
  const { windowHours } = refundPolicy;
  const kept = [
    ...(refundPolicy.refundPlatformFee ? [] : ['platform fee']),
    ...(refundPolicy.refundGas ? [] : ['blockchain fee']),
    ...(refundPolicy.refundProcessingFee ? [] : ['processing fee']),
  ];
  return [
    'The refund policy of the event at the sale:',
    windowHours === 0
      ? 'The sale is final for the buyer; the venue may grant a refund.'
      : `The buyer may ask for a refund within ${windowHours} hours after the purchase.`,
    kept.length === 0 ? 'All fees are refunded.' : `Not refunded: ${kept.join(', ')}.`,
  ].join('\n');
}

function refunds({ sale, refunds: all }: BegunPayment): string {
  const told = Object.values(all).map(
    ({ status, terms }) =>
      `Refund ${terms.refundId} of ${money(terms.amountCents, sale.price.currency)}: ${status}.`,
  );
  return told.length === 0 ? 'No refund was made before the dispute.' : told.join('\n');
}

function activity({ sale }: BegunPayment, log: readonly LoggedEvent[]): string {
  return log
    .flatMap(({ at, event }) => {
      const what = said(event, sale);
      return what === null ? [] : [`${at.toISOString()} ${what}`];
    })
    .join('\n');
}

function said(event: PaymentEvent, { userId, price: { currency }, tickets }: Sale): string | null {
  switch (event.type) {
    case 'payment.initiated':
      return `Account ${userId}, signed in, ordered ${tickets.length} ticket(s) at the price shown.`;
    case 'payment.requires_action':
      return "The card's bank asked the buyer to authenticate.";
    case 'payment.authorized':
      return 'The card was authorized.';
    case 'payment.succeeded':
    case 'payment.captured':
    case 'payment.succeeded_late':
      return 'The payment went through; the tickets were delivered to the account.';
    case 'refund.initiated':
      return `A refund of ${money(event.terms.amountCents, currency)} was requested.`;
    case 'refund.completed':
      return `Refund ${event.refundId} was paid.`;
    case 'refund.failed':
    case 'refund.reversed':
      return `Refund ${event.refundId} did not reach the card.`;
    case 'dispute.opened':
      return 'The payment was disputed.';
    default:
      return null;
  }
}

function price({ price: shown }: Sale): string[] {
  const { currency, payers, tax } = shown;
  const totalTax = recordedTax(tax);
  const fees: (readonly [string, number])[] = [
    ['Platform fee', payers.platformFee === 'buyer' ? shown.platformFee : 0],
    ['Blockchain fee', payers.gasFee === 'buyer' ? shown.gasFee : 0],
    ['Processing fee', shown.processingFee],
  ];
  return [
    'Price shown before the purchase:',
    `Tickets: ${money(shown.subtotal, currency)}`,
    ...fees.map(([name, cents]) => `${name}: ${money(cents, currency)}`),
    `All-in price before taxes: ${money(shown.total - totalTax, currency)}`,
    `Taxes: ${money(totalTax, currency)}`,
    `Charged: ${money(shown.total, currency)}`,
  ];
}

function authentication({ charge }: BegunPayment, log: readonly LoggedEvent[]): string[] {
  const secure = charge?.threeDSecure;
  if (secure) {
    const { result, version, flow, indicator } = secure;
    return [
      `3-D Secure ${version ?? ''}: ${result ?? 'no result'} (${flow ?? 'no'} flow, ` +
        `indicator ${indicator ?? 'none'}).`,
    ];
  }
  const challenged = log.some(({ event }) => event.type === 'payment.requires_action');
  return [
    challenged
      ? "3-D Secure: the buyer completed the bank's challenge."
      : '3-D Secure: not asked for by the bank.',
  ];
}

function signals(device: DeviceFacts | null): string[] {
  if (!device) return ['Device: nothing is kept any more.'];
  const { fingerprintTaken, addressTaken, earlierByDevice, earlierByAddress } = device;
  return [
    fingerprintTaken
      ? `Device: recognised by its fingerprint; ${earlierByDevice} earlier purchase(s) of the ` +
        'account came from it.'
      : 'Device: no fingerprint was taken.',
    addressTaken
      ? `Network: the address was recorded; ${earlierByAddress} earlier purchase(s) of the ` +
        'account came from it.'
      : 'Network: no address was recorded.',
  ];
}

function money(cents: number, currency: string): string {
  const digits = String(cents).padStart(3, '0');
  return `${currency} ${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
