import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  parseSpecialTaxRules,
  specialTaxRulesStatement,
  TaxRules,
} from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import type { Principal } from '../../kernel/auth/index.js';
import { type GasEstimate, GasOracle } from '../../kernel/chain/gas/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { multiply, sum, toCents } from '../../kernel/money/index.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  type CatalogEvent,
  type CatalogVenue,
  parseSettings,
  parseTierReading,
  settingsReading,
  TicketCatalog,
  tierReading,
} from '../../venues/venues.contract.js';
import { usualBlockchain } from '../domain/choose-blockchain.js';
import { matchCatalog } from '../domain/match-catalog.js';
import { priceSale } from '../domain/price-sale.js';
import { quoteLines } from '../domain/quote.js';
import type { Blockchain, Price } from '../domain/sale.js';
import type { OrderLine } from '../domain/sale-order.js';
import { feesView } from '../domain/views.js';
import type { CalculateFeesDto } from '../http/calculate-fees.dto.js';
import { Quotes } from '../infra/quotes.js';

export interface CalculatedFees {
  readonly fees: ReturnType<typeof feesView>;
  readonly total: number;
  readonly allInPrice: number;
  /** What minting would cost the platform on each chain that has ever answered. */
  readonly gasEstimates: readonly GasEstimate[];
  /** The cheapest chain that answers. */
  readonly recommendedBlockchain: Blockchain | null;
  /** The chain that the tickets would be on: the settings', else the recommended one. */
  readonly blockchain: Blockchain | null;
  readonly quote: string | null;
  readonly quoteExpiresAt: string | null;
}

/**
 * What a purchase would cost (Payment service spec, Calculate Fees): by amount and count at the
 * venue, or by an event's tickets, which also gives a `quote` that holds the price for ten minutes.
 * Refuses `NOT_FOUND`, `VALIDATION_ERROR`, `PRICE_CHANGED`.
 */
export class CalculateFees extends Query<CalculatedFees | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly body: CalculateFeesDto,
  ) {
    super();
  }
}

@QueryHandler(CalculateFees)
export class CalculateFeesHandler implements IQueryHandler<CalculateFees> {
  constructor(
    private readonly database: Database,
    private readonly catalog: TicketCatalog,
    private readonly taxes: TaxRules,
    private readonly quotes: Quotes,
    private readonly gas: GasOracle,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, body }: CalculateFees): Promise<CalculatedFees | Refusal> {
    const { tenantId } = principal;
    const venue = await this.catalog.venue(tenantId, body.venueId);
    if (venue === 'not_found') return refuse('NOT_FOUND', 'There is no such venue.');
    const event = body.eventId ? await this.catalog.event(tenantId, body.eventId) : null;
    if (event === 'not_found') return refuse('NOT_FOUND', 'There is no such event.');
    if (event && event.venueId !== venue.id) {
      return invalid('venueId', 'is not the venue of this event');
    }
    const basket = basketOf(body, event);
    if (isRefusal(basket)) return basket;
    const [{ price, settings }, gas] = await Promise.all([
      this.price(principal, venue, event, basket),
      this.gas.estimates(basket.ticketCount),
    ]);
    const fees = feesView(price);
    const wish = { setting: settings.blockchain, quoted: null };
    const blockchain = usualBlockchain(wish, this.gas.offer());
    const quote = basket.lines && this.quote(principal, body, basket.lines, { price, blockchain });
    return {
      fees,
      total: fees.total,
      allInPrice: fees.allInPrice,
      gasEstimates: gas.estimates,
      recommendedBlockchain: gas.recommended,
      blockchain,
      quote: quote?.token ?? null,
      quoteExpiresAt: quote?.expiresAt.toISOString() ?? null,
    };
  }

  private async price(
    { tenantId }: Principal,
    venue: CatalogVenue,
    event: CatalogEvent | null,
    basket: Basket,
  ) {
    const at = this.clock.now();
    const timezone = event?.timezone ?? venue.timezone;
    const currency = event?.currency ?? 'USD';
    const day = businessDate(at, timezone);
    const [settings, rules, volume] = await this.database.read(tenantId, [
      settingsReading(tenantId, venue.id, event?.id ?? null, at),
      specialTaxRulesStatement(tenantId, venue.id, day),
      tierReading(tenantId, venue.id, currency, day),
    ]);
    const effective = parseSettings(settings?.rows ?? []);
    const { price } = priceSale(
      {
        subtotal: basket.subtotal,
        ticketCount: basket.ticketCount,
        currency,
        place: event?.place ?? venue.address,
        timezone,
        venueId: venue.id,
        at,
        settings: effective,
        monthToDateCents: parseTierReading(volume?.rows ?? []),
        specialRules: parseSpecialTaxRules(rules?.rows ?? []),
      },
      this.taxes,
    );
    return { price, settings: effective };
  }

  private quote(
    { tenantId, userId }: Principal,
    body: CalculateFeesDto,
    lines: readonly OrderLine[],
    { price, blockchain }: { price: Price; blockchain: Blockchain | null },
  ) {
    return this.quotes.sign({
      tenantId,
      userId,
      venueId: body.venueId,
      eventId: body.eventId ?? null,
      lines: quoteLines(lines),
      total: price.total,
      taxRules: this.taxes.version,
      feeSchedule: price.feeSchedule,
      blockchain,
    });
  }
}

interface Basket {
  readonly subtotal: ReturnType<typeof toCents>;
  readonly ticketCount: number;
  /** Known when tickets of an event were named. */
  readonly lines: readonly OrderLine[] | null;
}

function basketOf(body: CalculateFeesDto, event: CatalogEvent | null): Basket | Refusal {
  if (!body.tickets) {
    if (body.amount === undefined) return invalid('amount', 'is required without tickets');
    if (body.ticketCount === undefined)
      return invalid('ticketCount', 'is required without tickets');
    return { subtotal: toCents(body.amount), ticketCount: body.ticketCount, lines: null };
  }
  if (!event) return invalid('eventId', 'is required with tickets');
  const lines = body.tickets.map((line) => ({
    ticketTypeId: line.ticketTypeId,
    quantity: line.quantity,
    priceCents: line.price,
    seatNumbers: line.seatNumbers ?? [],
  }));
  const matched = matchCatalog(lines, event, { seatsOptional: true });
  if (isRefusal(matched)) return matched;
  const subtotal = sum(matched.map((line) => multiply(line.type.priceCents, line.quantity)));
  const ticketCount = matched.reduce((count, line) => count + line.quantity, 0);
  if (body.amount !== undefined && toCents(body.amount) !== subtotal) {
    return invalid('amount', 'is not the sum of the tickets');
  }
  if (body.ticketCount !== undefined && body.ticketCount !== ticketCount) {
    return invalid('ticketCount', 'is not the number of tickets');
  }
  return { subtotal, ticketCount, lines };
}

function invalid(field: string, message: string): Refusal {
  return refuse('VALIDATION_ERROR', 'Validation failed', { errors: [{ field, message }] });
}
