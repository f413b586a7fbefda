import fc from 'fast-check';
import { catalogEvent, ticketType } from '../../../test/builders/catalog.js';
import { orderLine } from '../../../test/builders/order.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { type MatchedLine, matchCatalog, poolsOf } from './match-catalog.js';

const floor = ticketType({ capacity: 300 });
const stalls = ticketType({ capacity: 200, seated: true, priceCents: toCents(12_000) });
const event = catalogEvent({ ticketTypes: [floor, stalls] });

function refused(answer: readonly MatchedLine[] | Refusal): Refusal {
  if (!isRefusal(answer)) throw new Error('the lines were accepted');
  return answer;
}

describe('lines against the catalogue', () => {
  it('are matched with their ticket types', () => {
    const seats = ['A1', 'A2'];
    expect(
      matchCatalog([orderLine(floor), orderLine(stalls, { seatNumbers: seats })], event),
    ).toEqual([
      { type: floor, quantity: 2, seatNumbers: [] },
      { type: stalls, quantity: 2, seatNumbers: seats },
    ]);
  });

  it('are refused for a ticket type of another event', () => {
    const lines = [orderLine(floor), orderLine(ticketType())];
    expect(refused(matchCatalog(lines, event))).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field: 'tickets.1.ticketTypeId' }],
    });
  });

  it.each([4_999, 5_001, 0])('are refused at %i cents, with the price that holds', (priceCents) => {
    expect(refused(matchCatalog([orderLine(floor, { priceCents })], event))).toMatchObject({
      refused: 'PRICE_CHANGED',
      extra: { ticketTypeId: floor.id, price: 5_000 },
    });
  });

  it('are refused without seats where the type is seated, unless only a price is asked for', () => {
    expect(refused(matchCatalog([orderLine(stalls)], event))).toMatchObject({
      errors: [{ field: 'tickets.0.seatNumbers' }],
    });
    expect(matchCatalog([orderLine(stalls)], event, { seatsOptional: true })).toHaveLength(1);
  });

  it.each([
    [2, ['A1']],
    [1, ['A1', 'A2']],
  ])('are refused with %i tickets in seats %j', (quantity, seatNumbers) => {
    for (const type of [stalls, floor]) {
      const line = orderLine(type, { quantity, seatNumbers });
      for (const seatsOptional of [false, true]) {
        expect(refused(matchCatalog([line], event, { seatsOptional }))).toMatchObject({
          refused: 'VALIDATION_ERROR',
          errors: [{ field: 'tickets.0.seatNumbers' }],
        });
      }
    }
  });

  it('are refused with a seat twice, also over two lines', () => {
    const one = orderLine(stalls, { quantity: 1, seatNumbers: ['A1'] });
    expect(refused(matchCatalog([one, one], event)).errors).toEqual([
      { field: 'tickets.0.seatNumbers', message: 'must not name a seat twice' },
    ]);
  });

  it('are refused when they come to more than a card is charged', () => {
    const dear = ticketType({ priceCents: toCents(99_999_999) });
    const expensive = catalogEvent({ ticketTypes: [dear] });
    const fifty = Array.from({ length: 50 }, () => orderLine(dear, { quantity: 10 }));
    expect(refused(matchCatalog(fifty, expensive))).toMatchObject({ refused: 'VALIDATION_ERROR' });
    expect(matchCatalog([orderLine(dear, { quantity: 1 })], expensive)).toHaveLength(1);
  });
});

describe('the pools that lines draw on', () => {
  const matched = (...counts: number[]): MatchedLine[] =>
    counts.map((quantity, i) => ({ type: i % 2 ? stalls : floor, quantity, seatNumbers: [] }));
  const byId = (pools: ReturnType<typeof poolsOf>) =>
    Object.fromEntries(pools.map(({ poolId, ...rest }) => [poolId, rest]));

  it('are the ticket types’ own, each once', () => {
    expect(byId(poolsOf(matched(2, 1, 3), event))).toEqual({
      [floor.id]: { capacity: 300, quantity: 5 },
      [stalls.id]: { capacity: 200, quantity: 1 },
    });
  });

  it('include the whole event where it admits fewer than its types together', () => {
    const small = { ...event, capacity: 499 };
    expect(byId(poolsOf(matched(2, 1), small))).toEqual({
      [floor.id]: { capacity: 300, quantity: 2 },
      [stalls.id]: { capacity: 200, quantity: 1 },
      [small.id]: { capacity: 499, quantity: 3 },
    });
    expect(poolsOf(matched(2, 1), { ...event, capacity: 500 })).toHaveLength(2);
  });

  it('come in one order for everybody', () => {
    const ids = fc.uniqueArray(fc.nat(1_000), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(ids, fc.boolean(), (drawn, whole) => {
        const types = drawn.map(() => ticketType({ id: newId(), capacity: 10 }));
        const show = catalogEvent({ ticketTypes: types, capacity: whole ? 5 : 1_000 });
        const lines = types.map((type) => ({ type, quantity: 1, seatNumbers: [] }));
        const there = poolsOf(lines, show).map(({ poolId }) => poolId);
        const back = poolsOf([...lines].reverse(), show).map(({ poolId }) => poolId);
        expect(there).toEqual(back);
        expect(there).toEqual([...there].sort());
      }),
    );
  });
});
