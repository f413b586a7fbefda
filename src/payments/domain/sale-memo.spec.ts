import fc from 'fast-check';
import { price, sale, saleTicket, taxLine, taxRecord } from '../../../test/builders/sale.js';
import { newId } from '../../kernel/ids.js';
import type { Sale } from './sale.js';
import { fromMemo, type MemoSeal, toMemo } from './sale-memo.js';

/** What the provider takes (docs.stripe.com/api/metadata). */
const MOST_NAMES = 50;
const LONGEST_NAME = 40;
const LONGEST_VALUE = 500;
/** Names that the charge's metadata has beside the memo. */
const OTHER_NAMES = 4;

/** As little of a seal as there can be: a text and its length. */
const seal: MemoSeal = {
  seal: (text) => `${text.length}:${text}`,
  open: (sealed) => {
    const [, length, text = ''] = /^(\d+):(.*)$/s.exec(sealed) ?? [];
    return Number(length) === text.length ? text : null;
  },
};

const words = fc.string({ unit: 'grapheme', maxLength: 60 });
const cents = fc.integer({ min: 0, max: 99_999_999 });
const tickets = (most: number) =>
  fc.array(
    fc
      .record({ seat: fc.option(words), priceCents: cents, taxCents: cents })
      .map((ticket) => saleTicket(ticket)),
    { minLength: 1, maxLength: most },
  );

const sales: fc.Arbitrary<Sale> = fc
  .record({
    tickets: tickets(10),
    orderId: fc.option(words),
    description: fc.option(words),
    name: words,
    reasons: fc.array(words, { maxLength: 3 }),
    taxed: fc.array(fc.record({ name: words, amountCents: cents }), { maxLength: 4 }),
    capture: fc.constantFrom('automatic', 'manual'),
    recipient: fc.option(fc.constant({ blockchain: 'polygon', address: '0x00' } as const)),
    blockchain: fc.constantFrom('polygon', 'solana', null),
  })
  .map(({ tickets: sold, description, name, reasons, taxed, capture, ...rest }) =>
    sale({
      tickets: sold,
      ...rest,
      charge: { description, capture },
      event: { name, startsAt: '2027-06-01T01:00:00.000Z', timezone: 'America/Chicago' },
      price: price({ tax: taxRecord({ reasons, lines: taxed.map((line) => taxLine(line)) }) }),
    }),
  );

/** As a database gives it back: the same, with its fields in another order. */
function shuffled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shuffled);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, shuffled(each)]),
  );
}

describe('the memo of a sale', () => {
  it('tells the whole sale again', () => {
    fc.assert(
      fc.property(sales, (sold) => {
        expect(fromMemo({ other: 'name', ...toMemo(sold, seal) }, seal)).toEqual(sold);
      }),
    );
  });

  it('is the same for the same sale, however it was stored: its request may be repeated', () => {
    fc.assert(
      fc.property(sales, (sold) => {
        expect(toMemo(shuffled(sold) as Sale, seal)).toEqual(toMemo(sold, seal));
      }),
    );
  });

  it('of fifty tickets fits into what the provider takes', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => saleTicket({ seat: `Balcony 12-${i}` }));
    const sold = sale({
      tickets: fifty,
      orderId: newId(),
      price: price({ tax: taxRecord({ lines: Array.from({ length: 6 }, () => taxLine()) }) }),
    });
    const coded: MemoSeal = {
      ...seal,
      // Four characters for three, as seals have it that may be written anywhere.
      seal: (text) => Buffer.from(text).toString('base64url'),
    };
    const memo = toMemo(sold, coded);
    const names = Object.keys(memo);
    expect(names.length).toBeGreaterThan(0);
    expect(names.length + OTHER_NAMES).toBeLessThanOrEqual(MOST_NAMES);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(LONGEST_NAME);
    const lengths = Object.values(memo).map((text) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(LONGEST_VALUE);
  });

  it('is none where the sale is too long: it is charged all the same', () => {
    const many = Array.from({ length: 500 }, () => saleTicket());
    const memo = toMemo(sale({ tickets: many }), seal);
    expect(memo).toEqual({});
    expect(fromMemo(memo, seal)).toBe('absent');
  });

  it('tells nothing with any part of it changed, cut or missing', () => {
    const memo = toMemo(sale(), seal);
    const names = Object.keys(memo);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat({ max: 499 }), (name, at) => {
        const text = memo[name] ?? '';
        const cut = text.slice(0, at % text.length);
        expect(fromMemo({ ...memo, [name]: cut }, seal)).toBe('damaged');
        const others = Object.entries(memo).filter(([each]) => each !== name);
        expect(fromMemo(Object.fromEntries(others), seal)).toBe('damaged');
      }),
    );
  });

  it('from before buyers were screened tells that nobody had queued, and no limit was skipped', () => {
    const { admission, skippedLimits, blockchain, ...older } = sale();
    const memo = { sale_0: seal.seal(JSON.stringify({ version: 1, sale: older })) };
    expect(fromMemo(memo, seal)).toEqual({ ...older, admission, skippedLimits, blockchain });
    expect([admission, skippedLimits, blockchain]).toEqual([null, [], null]);
  });

  it('of a sale without a chain is what it was before there were chains', () => {
    const sold = sale();
    const { sale_0: text = '' } = toMemo(sold, seal);
    expect(text).not.toContain('blockchain');
    const again = fromMemo(toMemo(sold, seal), seal);
    expect(again).toEqual(sold);
    expect(toMemo(sale({ ...sold, blockchain: 'polygon' }), seal)).not.toEqual(toMemo(sold, seal));
  });

  it('of another version is not read', () => {
    const other = seal.seal(JSON.stringify({ version: 2, sale: sale() }));
    expect(fromMemo({ sale_0: other }, seal)).toBe('damaged');
  });
});
