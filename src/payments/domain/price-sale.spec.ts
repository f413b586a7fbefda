import fc from 'fast-check';
import { catalogEvent, ticketType } from '../../../test/builders/catalog.js';
import { orderLine, saleOrder } from '../../../test/builders/order.js';
import { recordedTax, TaxRules } from '../../compliance/compliance.contract.js';
import { isRefusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { parseSettings } from '../../venues/venues.contract.js';
import { drawUpSale } from './draw-up-sale.js';
import { purchaseJournal, venuePayout } from './postings.js';
import { priceSale, type PriceQuestion, type TaxEngine } from './price-sale.js';

const taxes = new TaxRules();
const PLACES = [
  ['Nashville', 'TN', 'America/Chicago'],
  ['Memphis', 'TN', 'America/Chicago'],
  ['New York', 'NY', 'America/New_York'],
  ['Chicago', 'IL', 'America/Chicago'],
  ['Portland', 'OR', 'America/Los_Angeles'],
  ['Philadelphia', 'PA', 'America/New_York'],
] as const;

const lines = fc.array(
  fc.record({
    priceCents: fc.integer({ min: 0, max: 99_999 }),
    quantity: fc.integer({ min: 1, max: 10 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const sales = fc.record({
  lines,
  place: fc.constantFrom(...PLACES),
  at: fc.date({
    min: new Date('2025-01-01T00:00:00Z'),
    max: new Date('2027-12-31T00:00:00Z'),
    noInvalidDate: true,
  }),
  monthToDate: fc.integer({ min: 0, max: 20_000_000 }),
  platformFeePayer: fc.constantFrom('buyer', 'venue'),
  gasFeePayer: fc.constantFrom('buyer', 'venue', 'platform'),
  processingFeePayer: fc.constantFrom('platform', 'buyer', 'venue'),
});

type AnySale = typeof sales extends fc.Arbitrary<infer T> ? T : never;

/** The drawn sale; nothing where it comes to less than a card is charged. */
function drawn({ lines: ordered, place, at, monthToDate, ...payers }: AnySale) {
  const [city, state, timezone] = place;
  const types = ordered.map(({ priceCents }) => ticketType({ priceCents: toCents(priceCents) }));
  const event = catalogEvent({
    ticketTypes: types,
    timezone,
    place: { street: '1 Main Street', city, state, zip: '00000', country: 'US' },
  });
  const wanted = types.map((type, i) =>
    orderLine(type, { quantity: ordered[i]?.quantity ?? 1, seatNumbers: [] }),
  );
  const result = drawUpSale(
    saleOrder({ lines: wanted }, event),
    {
      at,
      event,
      settings: { ...parseSettings([]), ...payers },
      monthToDateCents: toCents(monthToDate),
      specialRules: [],
      blockchains: { configured: [], recommended: null },
    },
    taxes,
    newId,
  );
  return isRefusal(result) ? null : result.sale;
}

const everySale = (holds: (sale: NonNullable<ReturnType<typeof drawn>>) => void) => {
  fc.assert(
    fc.property(sales, (any) => {
      const sale = drawn(any);
      fc.pre(sale !== null);
      holds(sale);
    }),
  );
};

describe('the price of any sale', () => {
  it('is the sum of its lines', () => {
    everySale(({ price, tickets }) => {
      const { payers } = price;
      const fees =
        (payers.platformFee === 'buyer' ? price.platformFee : 0) +
        (payers.gasFee === 'buyer' ? price.gasFee : 0) +
        price.processingFee;
      expect(price.total).toBe(price.subtotal + fees + recordedTax(price.tax));
      expect(price.subtotal).toBe(tickets.reduce((sum, ticket) => sum + ticket.priceCents, 0));
    });
  });

  it('has a tax that its tickets share to the cent', () => {
    everySale(({ price, tickets }) => {
      const shares = tickets.map(({ taxCents }) => taxCents);
      expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(recordedTax(price.tax));
    });
  });

  it('balances in the ledger, the charge in clearing and the venue’s payout pending', () => {
    everySale((sale) => {
      const postings =
        purchaseJournal(sale, sale.price.total, newId(), '2025-01-12')?.postings ?? [];
      const sum = (account?: string) =>
        postings
          .filter((posting) => account === undefined || posting.account === account)
          .reduce((total, posting) => total + posting.amount, 0n);
      expect(sum()).toBe(0n);
      expect(sum('provider:stripe:clearing')).toBe(BigInt(sale.price.total));
      expect(sum(`venue:${sale.venueId}:pending`)).toBe(-venuePayout(sale));
    });
  });
});

describe('priceSale', () => {
  const question: PriceQuestion = {
    subtotal: toCents(10_000),
    ticketCount: 2,
    currency: 'USD',
    place: catalogEvent().place,
    timezone: 'America/Chicago',
    venueId: newId(),
    at: new Date('2025-02-01T05:59:00.000Z'),
    settings: parseSettings([]),
    monthToDateCents: toCents(0),
    specialRules: [],
  };

  it('asks the tax engine for the place, the venue’s day and the fees the buyer bears', () => {
    const asked: Parameters<TaxEngine['quote']>[0][] = [];
    const listening: TaxEngine = {
      version: 'listening',
      quote: (asking) => {
        asked.push(asking);
        return taxes.quote(asking);
      },
    };
    expect(priceSale(question, listening).price.taxRules).toBe('listening');
    expect(asked).toEqual([
      {
        place: question.place,
        saleDate: '2025-01-31',
        taxableAmount: 10_000n,
        feesCents: 920n,
        ticketCount: 2,
        venueId: question.venueId,
        specialRules: [],
      },
    ]);
  });

  it.each([
    [999_999, 'starter', 82_000],
    [1_000_000, 'pro', 79_000],
    [10_000_000, 'pro', 79_000],
    [10_000_001, 'enterprise', 75_000],
  ])('takes the tier of a month at %i cents: %s', (monthToDate, tier, tierPpm) => {
    const { price } = priceSale({ ...question, monthToDateCents: toCents(monthToDate) }, taxes);
    expect(price).toMatchObject({ tier, tierPpm, monthToDateCents: monthToDate });
  });
});
