import { catalogEvent, ticketType } from '../../../test/builders/catalog.js';
import { orderLine, saleOrder } from '../../../test/builders/order.js';
import { type SpecialTaxRule, TaxRules } from '../../compliance/compliance.contract.js';
import { isRefusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { toCents, toPpm } from '../../kernel/money/index.js';
import { parseSettings } from '../../venues/venues.contract.js';
import { drawUpSale, type SaleFacts } from './draw-up-sale.js';
import type { SaleOrder } from './sale-order.js';

/** The day of the specification's worked examples. */
const AT = new Date('2025-01-12T18:00:00.000Z');
const taxes = new TaxRules();
const defaults = parseSettings([]);

function facts(over: Partial<SaleFacts> = {}): SaleFacts {
  return {
    at: AT,
    event: catalogEvent(),
    settings: defaults,
    monthToDateCents: toCents(0),
    specialRules: [],
    blockchains: { configured: [], recommended: null },
    ...over,
  };
}

const entertainment: SpecialTaxRule = {
  id: newId(),
  scope: 'jurisdiction',
  scopeRef: 'US-TN-DAVIDSON',
  name: 'Entertainment Tax',
  ratePpm: toPpm(10_000),
  perTicketCents: null,
  base: 'tickets',
  effectiveFrom: '2025-01-01',
  effectiveTo: null,
};

const draw = (over: Partial<SaleOrder> = {}, known = facts()) =>
  drawUpSale(saleOrder(over, known.event), known, taxes, newId);

function drawn(over: Partial<SaleOrder> = {}, known = facts()) {
  const result = draw(over, known);
  if (isRefusal(result)) throw new Error(`refused: ${result.refused}`);
  return result.sale;
}

describe('the specification’s worked examples, to the cent', () => {
  const hundred = catalogEvent({ ticketTypes: [ticketType({ priceCents: toCents(10_000) })] });
  const one = hundred.ticketTypes.map((type) => orderLine(type, { quantity: 1 }));

  it('two tickets at $50 in Nashville by a Starter venue: $118.45', () => {
    expect(drawn().price).toMatchObject({
      subtotal: 10_000,
      platformFee: 820,
      gasFee: 100,
      processingFee: 0,
      total: 11_845,
      tier: 'starter',
      tax: { lines: [{ amountCents: 700 }, { amountCents: 225 }], estimate: false },
    });
  });

  it('one ticket at $100 by a Pro venue: $117.65', () => {
    const monthToDateCents = toCents(1_000_000);
    const known = facts({ event: hundred, monthToDateCents });
    expect(drawn({ lines: one }, known).price).toMatchObject({
      platformFee: 790,
      gasFee: 50,
      total: 11_765,
      tier: 'pro',
      monthToDateCents: 1_000_000,
      tax: {
        lines: [
          { kind: 'state', amountCents: 700 },
          { kind: 'local', amountCents: 225 },
        ],
      },
    });
  });

  it('with an entertainment tax of 1 %: $10.25 of tax', () => {
    const { price } = drawn({}, facts({ specialRules: [entertainment] }));
    const amounts = price.tax.lines.map(({ kind, amountCents }) => [kind, amountCents]);
    expect(amounts).toEqual([
      ['state', 700],
      ['local', 225],
      ['special', 100],
    ]);
    expect(price.total).toBe(11_845 + 100);
  });

  it('from 2025-02-01 on Nashville takes 2.75 %', () => {
    const { price } = drawn({}, facts({ at: new Date('2025-02-01T06:00:00.000Z') }));
    expect(price.tax.lines[1]).toMatchObject({ kind: 'local', amountCents: 275 });
  });

  it('the day is the venue’s: a minute before its midnight the old rate holds', () => {
    const { price } = drawn({}, facts({ at: new Date('2025-02-01T05:59:00.000Z') }));
    expect(price.tax.lines[1]).toMatchObject({ kind: 'local', amountCents: 225 });
  });
});

describe('who pays the fees', () => {
  it('the venue: the buyer pays tickets and tax, the fees stay in the record', () => {
    const settings = {
      ...defaults,
      platformFeePayer: 'venue',
      gasFeePayer: 'venue',
      processingFeePayer: 'venue',
    } as const;
    expect(drawn({}, facts({ settings })).price).toMatchObject({
      platformFee: 820,
      gasFee: 100,
      processingFee: 0,
      total: 10_925,
      payers: { platformFee: 'venue', gasFee: 'venue', processingFee: 'venue' },
    });
  });

  it('the buyer also of card processing: 2.9 % of everything before it', () => {
    const settings = { ...defaults, processingFeePayer: 'buyer' } as const;
    expect(drawn({}, facts({ settings })).price).toMatchObject({
      processingFee: 344,
      total: 12_189,
    });
  });
});

describe('an order', () => {
  const settings = {
    ...defaults,
    purchaseLimits: { ...defaults.purchaseLimits, maxTicketsPerOrder: 3 },
  };
  const event = catalogEvent();
  const [type] = event.ticketTypes;
  if (!type) throw new Error('an event without tickets');
  const ordered = (...quantities: number[]) =>
    draw(
      { lines: quantities.map((quantity) => orderLine(type, { quantity })) },
      facts({ event, settings }),
    );

  it('holds at most as many tickets as the settings say, all lines together', () => {
    expect(ordered(1, 2)).not.toHaveProperty('refused');
    expect(ordered(2, 2)).toMatchObject({
      refused: 'PURCHASE_LIMIT_EXCEEDED',
      extra: { limit: 'order', allowed: 3, remaining: 3 },
    });
  });
});

describe('a sale', () => {
  const floor = ticketType();
  const stalls = ticketType({ seated: true, priceCents: toCents(7_500) });
  const event = catalogEvent({ ticketTypes: [floor, stalls], capacity: 1_500 });
  const lines = [orderLine(floor), orderLine(stalls, { seatNumbers: ['A1', 'A2'] })];

  it('has a ticket with an id of its own for each one ordered', () => {
    const { tickets } = drawn({ lines }, facts({ event }));
    expect(tickets.map(({ ticketTypeId, seat, priceCents }) => [ticketTypeId, seat, priceCents]))
      // Prettier keeps one ticket a line.
      .toEqual([
        [floor.id, null, 5_000],
        [floor.id, null, 5_000],
        [stalls.id, 'A1', 7_500],
        [stalls.id, 'A2', 7_500],
      ]);
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(4);
  });

  it('draws on the types’ capacities and on the event’s', () => {
    const { pools } = drawn({ lines }, facts({ event }));
    expect(pools.map(({ poolId }) => poolId).sort()).toEqual(
      [floor.id, stalls.id, event.id].sort(),
    );
  });

  it('keeps the facts it was made on and what was ordered', () => {
    const order = saleOrder(
      {
        orderId: 'order_1',
        capture: 'manual',
        description: 'Row A',
        recipient: { blockchain: 'solana', address: 'So1' },
      },
      event,
    );
    const result = drawUpSale(order, facts({ event }), taxes, newId);
    expect(result).toMatchObject({
      sale: {
        tenantId: order.tenantId,
        userId: order.userId,
        venueId: event.venueId,
        eventId: event.id,
        orderId: 'order_1',
        startedAt: AT.toISOString(),
        request: order.request,
        charge: {
          provider: 'stripe',
          method: 'card',
          paymentMethodId: 'pm_card_visa',
          capture: 'manual',
          description: 'Row A',
        },
        event: { name: event.name, startsAt: event.startsAt, timezone: event.timezone },
        recipient: { blockchain: 'solana', address: 'So1' },
        price: { feeSchedule: 'v1', taxRules: taxes.version },
      },
    });
  });

  it('has the chain of the settings, the quote or the moment for its tokens', () => {
    const blockchains = { configured: ['polygon', 'solana'], recommended: 'polygon' } as const;
    const known = facts({ event, blockchains });
    const solana = facts({ event, blockchains, settings: { ...defaults, blockchain: 'solana' } });
    const none = facts({ event });
    expect(drawn({ lines }, known).blockchain).toBe('polygon');
    expect(drawn({ lines, quotedBlockchain: 'solana' }, known).blockchain).toBe('solana');
    expect(drawn({ lines, quotedBlockchain: 'polygon' }, solana).blockchain).toBe('solana');
    expect(drawn({ lines, quotedBlockchain: 'polygon' }, none).blockchain).toBeNull();
  });

  it('refuses a wallet that is not on the event’s chain', () => {
    const blockchains = { configured: ['polygon', 'solana'], recommended: 'polygon' } as const;
    const known = facts({ event, blockchains, settings: { ...defaults, blockchain: 'polygon' } });
    const recipient = { blockchain: 'solana', address: 'So1' } as const;
    expect(draw({ lines, recipient }, known)).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field: 'recipient.blockchain' }],
    });
  });

  it('survives the trip through the event store unchanged', () => {
    const made = drawn({ lines }, facts({ event }));
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});

describe('a sale is refused', () => {
  it('as the catalogue refuses it', () => {
    expect(draw({ lines: [orderLine(ticketType())] })).toMatchObject({
      refused: 'VALIDATION_ERROR',
    });
  });

  it.each([
    ['quote', 'QUOTE_MISMATCH'],
    ['amount', 'PRICE_CHANGED'],
  ] as const)('at another total than the %s agreed to', (by, refused) => {
    for (const cents of [11_844, 11_846]) {
      expect(draw({ agreedTotal: { cents, by } })).toMatchObject({
        refused,
        extra: { expectedAmount: 11_845 },
      });
    }
    expect(drawn({ agreedTotal: { cents: 11_845, by } }).price.total).toBe(11_845);
  });

  const priced = (cents: number) =>
    catalogEvent({ ticketTypes: [ticketType({ priceCents: toCents(cents) })] });
  const settings = { ...defaults, platformFeePayer: 'venue', gasFeePayer: 'platform' } as const;
  const single = (cents: number) => {
    const event = priced(cents);
    const lines = event.ticketTypes.map((type) => orderLine(type, { quantity: 1 }));
    return draw({ lines }, facts({ event, settings }));
  };

  it.each([1, 44])('at a ticket of %i cents: too little for a card', (cents) => {
    expect(single(cents)).toMatchObject({ refused: 'VALIDATION_ERROR' });
  });

  it('not at nothing, nor at the smallest charge', () => {
    expect(single(0)).toMatchObject({ sale: { price: { total: 0 } } });
    expect(single(46)).toMatchObject({ sale: { price: { total: 50 } } });
  });

  it('when taxes carry it beyond what a card is charged', () => {
    expect(single(91_532_000)).toMatchObject({ sale: { price: { total: 99_998_710 } } });
    expect(single(91_534_000)).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field: 'tickets', message: 'comes to more than a card is charged' }],
    });
  });
});
