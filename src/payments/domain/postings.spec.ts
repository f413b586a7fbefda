import fc from 'fast-check';
import { freePrice, price, sale, taxLine, taxRecord } from '../../../test/builders/sale.js';
import { newId } from '../../kernel/ids.js';
import type { Journal } from '../../ledger/ledger.contract.js';
import { purchaseJournal, venuePayout } from './postings.js';
import type { Price, Sale } from './sale.js';

const DAY = '2025-01-12';
const post = (sold: Sale): Journal | null => purchaseJournal(sold, sold.price.total, newId(), DAY);

/** Cents by account and line, venue ids shortened. */
function lines(sold: Sale): Record<string, bigint> {
  const postings = post(sold)?.postings ?? [];
  return Object.fromEntries(
    postings.map(({ account, code, amount }) => [
      `${account.replace(sold.venueId, 'v')} ${code}`,
      amount,
    ]),
  );
}

const onAccount = (journal: Journal | null, name: string) =>
  (journal?.postings ?? [])
    .filter(({ account }) => account === name)
    .reduce((sum, { amount }) => sum + amount, 0n);

const BUYER_PAYS = {
  'provider:stripe:clearing charge': 11_845n,
  'venue:v:pending tickets': -10_000n,
  'platform:fees platform_fee': -820n,
  'gas:reserve gas_fee': -100n,
  'tax:US-TN:state tax': -700n,
  'tax:US-TN-DAVIDSON:local tax': -225n,
};

describe('the journal of a purchase', () => {
  it('credits tickets, fees and taxes against what the buyer was charged', () => {
    const sold = sale();
    expect(lines(sold)).toEqual(BUYER_PAYS);
    expect(post(sold)).toMatchObject({
      kind: 'purchase',
      referenceId: sold.paymentId,
      currency: 'USD',
      businessDate: DAY,
    });
  });

  it('takes the fees that the venue bears from its own line', () => {
    const payers = { platformFee: 'venue', gasFee: 'venue', processingFee: 'platform' } as const;
    expect(lines(sale({ price: price({ payers }) }))).toEqual({
      ...BUYER_PAYS,
      'provider:stripe:clearing charge': 10_925n,
      'venue:v:pending platform_fee_borne': 820n,
      'venue:v:pending gas_fee_borne': 100n,
    });
  });

  it('takes gas that the platform bears from its fees', () => {
    const payers = { platformFee: 'buyer', gasFee: 'platform', processingFee: 'platform' } as const;
    expect(lines(sale({ price: price({ payers }) }))).toEqual({
      ...BUYER_PAYS,
      'provider:stripe:clearing charge': 11_745n,
      'platform:fees gas_fee_borne': 100n,
    });
  });

  it('credits the processing fee that was passed on', () => {
    const payers = { platformFee: 'buyer', gasFee: 'buyer', processingFee: 'buyer' } as const;
    expect(lines(sale({ price: price({ payers, processingFee: 344 }) }))).toEqual({
      ...BUYER_PAYS,
      'provider:stripe:clearing charge': 12_189n,
      'platform:processing-recovered processing_fee': -344n,
    });
  });

  it('is none where nothing moves', () => {
    expect(post(sale({ price: freePrice() }))).toBeNull();
  });

  it('exists for a free ticket whose gas the venue pays', () => {
    const payers = { platformFee: 'buyer', gasFee: 'venue', processingFee: 'platform' } as const;
    const free = { ...freePrice(), gasFee: 50, payers };
    expect(lines(sale({ price: free }))).toEqual({
      'gas:reserve gas_fee': -50n,
      'venue:v:pending gas_fee_borne': 50n,
    });
  });
});

const cents = (max: number) => fc.integer({ min: 0, max });
const prices: fc.Arbitrary<Price> = fc
  .record({
    subtotal: cents(90_000_000),
    platformFee: cents(9_000_000),
    gasFee: cents(25_000),
    processingFee: cents(3_000_000),
    taxes: fc.array(fc.tuple(fc.constantFrom('state', 'local', 'special'), cents(9_000_000)), {
      maxLength: 4,
    }),
    payers: fc.record({
      platformFee: fc.constantFrom('buyer', 'venue'),
      gasFee: fc.constantFrom('buyer', 'venue', 'platform'),
      processingFee: fc.constantFrom('platform', 'buyer', 'venue'),
    }),
  })
  .map(({ taxes, ...parts }) => {
    const taxLines = taxes.map(([kind, amountCents], i) =>
      taxLine({ kind, amountCents, jurisdiction: `US-${i}` }),
    );
    return price({ ...parts, tax: taxRecord({ lines: taxLines }) });
  });

describe('the journal of any purchase', () => {
  it('sums to zero, with the whole total in the clearing account', () => {
    fc.assert(
      fc.property(prices, (anyPrice) => {
        const sold = sale({ price: anyPrice });
        const journal = post(sold);
        const sum = (journal?.postings ?? []).reduce((total, { amount }) => total + amount, 0n);
        expect(sum).toBe(0n);
        expect(onAccount(journal, 'provider:stripe:clearing')).toBe(BigInt(anyPrice.total));
      }),
    );
  });

  it('leaves the venue its tickets less the fees it bears', () => {
    fc.assert(
      fc.property(prices, (anyPrice) => {
        const sold = sale({ price: anyPrice });
        const { subtotal, platformFee, gasFee, payers } = anyPrice;
        const borne =
          (payers.platformFee === 'venue' ? platformFee : 0) +
          (payers.gasFee === 'venue' ? gasFee : 0);
        expect(venuePayout(sold)).toBe(BigInt(subtotal - borne));
        expect(onAccount(post(sold), `venue:${sold.venueId}:pending`)).toBe(-venuePayout(sold));
      }),
    );
  });

  it('credits each tax to its own jurisdiction and kind', () => {
    fc.assert(
      fc.property(prices, (anyPrice) => {
        const journal = post(sale({ price: anyPrice }));
        for (const { jurisdiction, kind, amountCents } of anyPrice.tax.lines) {
          expect(onAccount(journal, `tax:${jurisdiction}:${kind}`)).toBe(-BigInt(amountCents));
        }
      }),
    );
  });
});
