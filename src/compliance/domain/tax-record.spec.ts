import { toCents, toPpm } from '../../kernel/money/index.js';
import { TaxRules } from '../infra/tax-rules.js';
import { allocateTax } from './allocate-tax.js';
import { recordedTax, taxRecord } from './tax-record.js';

const quote = new TaxRules().quote({
  place: { city: 'Nashville', state: 'TN' },
  saleDate: '2026-11-21',
  taxableAmount: toCents(10_001),
  ticketCount: 2,
  specialRules: [
    {
      id: '0198c0de-0000-7000-8000-000000000001',
      scope: 'jurisdiction',
      scopeRef: 'US-TN',
      name: 'Ticket Tax',
      ratePpm: null,
      perTicketCents: toCents(25),
      base: 'tickets',
      effectiveFrom: '2026-01-01',
      effectiveTo: null,
    },
  ],
});

describe('a quote as recorded', () => {
  const record = taxRecord(quote);

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(record).toMatchObject({
      taxableAmount: 10_001,
      jurisdiction: 'US-TN-DAVIDSON',
      estimate: false,
      lines: [
        { kind: 'state', ratePpm: toPpm(70_000), amountCents: 700, perTicketCents: null },
        { kind: 'local', amountCents: 275 },
        { kind: 'special', ratePpm: null, amountCents: 50, perTicketCents: 25 },
      ],
    });
  });

  it('keeps every amount', () => {
    expect(recordedTax(record)).toBe(Number(quote.totalTax));
    expect(recordedTax(record, 'state')).toBe(700);
    expect(recordedTax(record, 'local')).toBe(275);
    expect(recordedTax(record, 'special')).toBe(50);
  });

  it('is split over tickets as the quote is', () => {
    const prices = [toCents(3_333), toCents(6_668)];
    expect(allocateTax(record, prices)).toEqual(allocateTax(quote, prices));
  });
});
