import fc from 'fast-check';
import { orderLine } from '../../../test/builders/order.js';
import { ticketType } from '../../../test/builders/catalog.js';
import { newId } from '../../kernel/ids.js';
import { type Quote, quoteFits, quoteLines } from './quote.js';

const [floor, balcony] = [ticketType(), ticketType()];
const lines = quoteLines([orderLine(floor), orderLine(balcony, { quantity: 1 })]);
const quote: Quote = {
  tenantId: newId(),
  userId: newId(),
  venueId: newId(),
  eventId: newId(),
  lines,
  total: 11_845,
  taxRules: 'rules-1',
  feeSchedule: 'v1',
  blockchain: 'polygon',
};

describe('the lines of a quote', () => {
  it('do not depend on their order', () => {
    const some = fc.array(fc.record({ n: fc.nat(9), price: fc.nat(1_000) }), { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (drawn, stream) => {
        const ordered = drawn.map(({ n, price }) =>
          orderLine(floor, { quantity: n + 1, priceCents: price }),
        );
        const shuffled = ordered
          .map((line) => ({ line, key: stream.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ line }) => line);
        expect(quoteLines(shuffled)).toEqual(quoteLines(ordered));
      }),
    );
  });

  it.each([
    ['another type', orderLine(balcony)],
    ['another count', orderLine(floor, { quantity: 3 })],
    ['another price', orderLine(floor, { priceCents: 4_999 })],
  ])('tell %s apart', (_, other) => {
    expect(quoteLines([other])).not.toEqual(quoteLines([orderLine(floor)]));
  });

  it('do not bind the seats, which are chosen later', () => {
    expect(quoteLines([orderLine(floor, { seatNumbers: ['A1', 'A2'] })])).toEqual(
      quoteLines([orderLine(floor)]),
    );
  });
});

describe('a quote', () => {
  it('fits the purchase it was given for', () => {
    expect(quoteFits(quote, quote)).toBe(true);
  });

  it.each([
    ['tenant', { tenantId: newId() }],
    ['user', { userId: newId() }],
    ['venue', { venueId: newId() }],
    ['event', { eventId: newId() }],
    ['event, when it was given without one', { eventId: null }],
    ['line', { lines: [...lines].reverse() }],
    ['number of lines', { lines: lines.slice(1) }],
    ['further line', { lines: [...lines, 'x'] }],
  ])('does not fit another %s', (_, other) => {
    expect(quoteFits(quote, { ...quote, ...other })).toBe(false);
  });
});
