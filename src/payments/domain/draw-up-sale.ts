import { allocateTax } from '../../compliance/compliance.contract.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { centsToNumber, MAX_REQUEST_CENTS, multiply, sum } from '../../kernel/money/index.js';
import type { CatalogEvent } from '../../venues/venues.contract.js';
import { type BlockchainOffer, chooseBlockchain } from './choose-blockchain.js';
import { matchCatalog, type MatchedLine, poolsOf } from './match-catalog.js';
import { type Priced, priceSale, type PriceQuestion, type TaxEngine } from './price-sale.js';
import type { Sale, SaleTicket } from './sale.js';
import type { SaleOrder } from './sale-order.js';

/** The smallest charge a card takes, in cents (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const MINIMUM_CHARGE_CENTS = 50;

/** What was read for the sale: the event as the catalogue has it, settings, volume, rules. */
export interface SaleFacts extends Pick<
  PriceQuestion,
  'at' | 'settings' | 'monthToDateCents' | 'specialRules'
> {
  readonly event: CatalogEvent;
  readonly blockchains: BlockchainOffer;
}

export interface DrawnSale extends Priced {
  readonly sale: Sale;
}

/**
 * Turns an order into a sale: prices from the catalogue, fees, taxes, one id for every ticket.
 * Refuses what `matchCatalog` refuses, more tickets than an order may hold
 * (`PURCHASE_LIMIT_EXCEEDED`), a wallet on a chain that the tickets will not be on
 * (`VALIDATION_ERROR`), another total than the buyer agreed to (`PRICE_CHANGED`) and totals that no
 * card can be charged.
 */
export function drawUpSale(
  order: SaleOrder,
  facts: SaleFacts,
  taxes: TaxEngine,
  newId: () => Uuid,
): DrawnSale | Refusal {
  const { event, at } = facts;
  const lines = matchCatalog(order.lines, event);
  if (isRefusal(lines)) return lines;
  const count = lines.reduce((total, line) => total + line.quantity, 0);
  const { maxTicketsPerOrder } = facts.settings.purchaseLimits;
  if (count > maxTicketsPerOrder) return tooMany(maxTicketsPerOrder);
  const { blockchain: setting } = facts.settings;
  const wish = { setting, quoted: order.quotedBlockchain };
  const blockchain = chooseBlockchain(order.recipient, wish, facts.blockchains);
  if (isRefusal(blockchain)) return blockchain;
  const priced = priceSale(
    {
      ...facts,
      subtotal: sum(lines.map((line) => multiply(line.type.priceCents, line.quantity))),
      ticketCount: count,
      currency: event.currency,
      place: event.place,
      timezone: event.timezone,
      venueId: order.venueId,
    },
    taxes,
  );
  const refused = chargeable(priced.price.total) ?? agreed(order, priced.price.total);
  if (refused) return refused;
  const { request, capture, method, description, returnUrl, ...rest } = order;
  const sale: Sale = {
    paymentId: newId(),
    tenantId: rest.tenantId,
    userId: rest.userId,
    venueId: rest.venueId,
    eventId: rest.eventId,
    orderId: rest.orderId,
    startedAt: at.toISOString(),
    request,
    charge: {
      operationId: newId(),
      provider: 'stripe',
      ...method,
      capture,
      screening: 'none',
      description,
      returnUrl,
    },
    event: { name: event.name, startsAt: event.startsAt, timezone: event.timezone },
    tickets: ticketsOf(lines, priced, newId),
    pools: poolsOf(lines, event),
    price: priced.price,
    recipient: rest.recipient,
    blockchain,
    refundPolicy: facts.settings.refundPolicy,
    disputeLossPayer: facts.settings.disputeLossPayer,
    admission: null,
    skippedLimits: [],
  };
  return { sale, ...priced };
}

function tooMany(allowed: number): Refusal {
  return refuse('PURCHASE_LIMIT_EXCEEDED', `An order holds at most ${allowed} tickets.`, {
    extra: { limit: 'order', allowed, remaining: allowed },
  });
}

function chargeable(total: number): Refusal | undefined {
  if (total !== 0 && total < MINIMUM_CHARGE_CENTS) {
    return invalidTotal(`comes to ${total} cents; a card is charged at least 50`);
  }
  if (BigInt(total) > MAX_REQUEST_CENTS)
    return invalidTotal('comes to more than a card is charged');
  return undefined;
}

function invalidTotal(message: string): Refusal {
  return refuse('VALIDATION_ERROR', 'Validation failed', {
    errors: [{ field: 'tickets', message }],
  });
}

function agreed({ agreedTotal }: SaleOrder, total: number): Refusal | undefined {
  if (agreedTotal === null || agreedTotal.cents === total) return undefined;
  const code = agreedTotal.by === 'quote' ? 'QUOTE_MISMATCH' : 'PRICE_CHANGED';
  return refuse(code, 'The total is not the one the buyer agreed to. Show the new one.', {
    extra: { expectedAmount: total },
  });
}

function ticketsOf(
  lines: readonly MatchedLine[],
  { tax }: Priced,
  newId: () => Uuid,
): SaleTicket[] {
  const single = lines.flatMap(({ type, quantity, seatNumbers }) =>
    Array.from({ length: quantity }, (_, i) => ({ type, seat: seatNumbers[i] ?? null })),
  );
  const taxes = allocateTax(
    tax,
    single.map(({ type }) => type.priceCents),
  );
  return single.map(({ type, seat }, i) => ({
    id: newId(),
    ticketTypeId: type.id,
    seat,
    priceCents: centsToNumber(type.priceCents),
    taxCents: Number(taxes[i]?.total ?? 0n),
  }));
}
