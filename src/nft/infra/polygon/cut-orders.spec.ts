import fc from 'fast-check';
import { newId } from '../../../kernel/ids.js';
import { cutOrders } from './cut-orders.js';
import { fitOneTransaction, mintLimit } from './gas-limits.js';

const orderOf = (uriBytes: number) => ({
  ticketId: newId(),
  owner: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  name: 'Ticket',
  uri: 'x'.repeat(uriBytes),
});
const sizes = (uriBytes: number, count: number) =>
  cutOrders(
    Array.from({ length: count }, () => orderOf(uriBytes)),
    100,
  ).map(({ length }) => length);

describe('cutOrders', () => {
  it('has a hundred tickets in one transaction, with URIs as ours are', () => {
    expect(sizes(115, 250)).toEqual([100, 100, 50]);
  });

  it('has fewer when the contract might have to keep longer ones', () => {
    const [first = 0, ...rest] = sizes(200, 100);
    expect(first).toBeLessThan(100);
    expect(first).toBeGreaterThan(60);
    expect(rest).toEqual([100 - first]);
  });

  it('makes nothing of nothing', () => {
    expect(cutOrders([], 100)).toEqual([]);
  });

  it('keeps every order and its turn, and fits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 150 }), (lengths) => {
        const orders = lengths.map(orderOf);
        const cut = cutOrders(orders, 100);
        expect(cut.flat()).toEqual(orders);
        expect(cut.every((each) => each.length <= 100 && fitOneTransaction(each))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('mintLimit', () => {
  it('grows with tickets and with the words of their URIs', () => {
    const one = mintLimit(1, []);
    expect(mintLimit(2, [])).toBeGreaterThan(one);
    expect(mintLimit(1, [''])).toBe(one);
    expect(mintLimit(1, ['x'.repeat(31)])).toBeGreaterThan(one);
    expect(mintLimit(1, ['x'.repeat(32)])).toBeGreaterThan(mintLimit(1, ['x'.repeat(31)]));
    expect(mintLimit(1, ['é'.repeat(31)])).toBe(mintLimit(1, ['x'.repeat(62)]));
  });

  it('is never more than a transaction may have', () => {
    expect(mintLimit(1_000, [])).toBe(16_777_216n);
  });
});
