import fc from 'fast-check';
import { MAX_REQUEST_CENTS, percentOf, sum, toCents, toPpm } from '../../kernel/money/index.js';
import { loadRuleBook } from '../data/rule-book.js';
import { enginesOf, type TaxEngine } from './engines.js';
import type { Place } from './place.js';
import { quoteTax } from './quote-tax.js';
import type { SpecialTaxRule } from './special-rules.js';
import type { TaxQuestion } from './tax-quote.js';

const book = loadRuleBook();
const NASHVILLE: Place = { city: 'Nashville', state: 'TN', zip: '37203' };
const TODAY = '2026-11-21';

function quote(over: Partial<TaxQuestion> = {}, between: TaxEngine[] = []) {
  return quoteTax(enginesOf(book, between), book.codes, {
    place: NASHVILLE,
    saleDate: TODAY,
    taxableAmount: toCents(10_000),
    ticketCount: 2,
    ...over,
  });
}

function rule(over: Partial<SpecialTaxRule> = {}): SpecialTaxRule {
  return {
    id: '0198c0de-0000-7000-8000-000000000001',
    scope: 'jurisdiction',
    scopeRef: 'US-TN-DAVIDSON',
    name: 'Entertainment Tax',
    ratePpm: toPpm(10_000),
    perTicketCents: null,
    base: 'tickets',
    effectiveFrom: '2025-01-01',
    effectiveTo: null,
    ...over,
  };
}

describe('the worked examples', () => {
  const then = { saleDate: '2025-01-12' };

  it.each([
    ['two tickets on the starter tier', 820n, 100n, 11_845n],
    ['one ticket on the pro tier', 790n, 50n, 11_765n],
  ])('%s', (_, platformFee, gas, total) => {
    const { stateTax, localTax, specialTax, totalTax, estimate } = quote(then);
    expect({ stateTax, localTax, specialTax, estimate }).toEqual({
      stateTax: 700n,
      localTax: 225n,
      specialTax: 0n,
      estimate: false,
    });
    expect(10_000n + platformFee + gas + totalTax).toBe(total);
  });

  it('a 1 % entertainment tax in Nashville makes 10.25', () => {
    const { lines, totalTax } = quote({ ...then, specialRules: [rule()] });
    expect(totalTax).toBe(1025n);
    expect(lines.map((line) => [line.kind, line.name, line.amountCents])).toEqual([
      ['state', 'Tennessee Sales Tax', 700n],
      ['local', 'Nashville Local Tax', 225n],
      ['special', 'Entertainment Tax', 100n],
    ]);
  });
});

describe('rates are dated', () => {
  it.each([
    ['2025-01-31', 225n],
    ['2025-02-01', 275n],
    [TODAY, 275n],
  ])('Nashville on %s: %s local', (saleDate, local) => {
    const { localTax, stateTax, estimate, jurisdiction } = quote({ saleDate });
    expect({ localTax, stateTax, estimate, jurisdiction }).toEqual({
      localTax: local,
      stateTax: 700n,
      estimate: false,
      jurisdiction: 'US-TN-DAVIDSON',
    });
  });

  it.each([
    ['DC', '2026-09-30', 650n],
    ['DC', '2026-10-01', 700n],
    ['SD', '2027-06-30', 420n],
    ['SD', '2027-07-01', 450n],
    ['LA', '2029-12-31', 500n],
    ['LA', '2030-01-01', 475n],
  ])('%s on %s: %s', (state, saleDate, stateTax) => {
    expect(quote({ place: { state }, saleDate }).stateTax).toBe(stateTax);
  });

  it('charges nothing before the first day on record, and says so', () => {
    const { totalTax, estimate, reasons } = quote({
      place: { state: 'LA' },
      saleDate: '2024-12-31',
    });
    expect([totalTax, estimate]).toEqual([0n, true]);
    expect(reasons[0]).toContain('no rate recorded for US-LA on 2024-12-31');
  });

  it('refuses what is not a date', () => {
    expect(() => quote({ saleDate: '2025-1-1' })).toThrow(RangeError);
  });
});

describe('how far the answer can be trusted', () => {
  it('charges a low-confidence local rate not at all and the state rate as an estimate', () => {
    const { localTax, stateTax, estimate, reasons } = quote({
      place: { city: 'Pegram', state: 'TN' },
    });
    expect([localTax, stateTax, estimate]).toEqual([0n, 700n, true]);
    expect(reasons.join()).toContain('low confidence, not charged');
  });

  it('charges a medium-confidence row as an estimate', () => {
    const { localTax, estimate, lines } = quote({ place: { city: 'Kingsport', state: 'TN' } });
    expect([localTax, estimate]).toEqual([250n, true]);
    expect(lines[1]).toMatchObject({ confidence: 'estimate', effectiveFrom: '2018-11-01' });
  });

  it.each([
    ['CA', 0n, 'not taxed'],
    ['MA', 0n, 'not taxed'],
    ['SC', 0n, 'separate tax'],
    ['CT', 0n, 'separate tax'],
    ['IL', 0n, 'conflict'],
    ['WI', 500n, 'not verified'],
    ['OH', 575n, 'not verified'],
    ['MN', 688n, 'local taxes vary'],
    ['NY', 400n, 'circus'],
    ['AK', 0n, 'no statewide tax'],
    ['ZZ', 0n, 'no rate recorded'],
  ])('%s is an estimate of %s: %s', (state, stateTax, reason) => {
    const found = quote({ place: { city: 'Anywhere', state } });
    expect([found.stateTax, found.localTax, found.estimate]).toEqual([stateTax, 0n, true]);
    expect(found.reasons.join()).toContain(reason);
  });

  it('is sure that a state without sales tax has none', () => {
    const { totalTax, estimate, reasons } = quote({ place: { state: 'Oregon' } });
    expect([totalTax, estimate, reasons]).toEqual([0n, false, ['Oregon: no sales tax']]);
  });

  it('adds a city admission tax where its rate is on record', () => {
    expect(quote({ place: { city: 'Chicago', state: 'IL' } })).toMatchObject({
      stateTax: 0n,
      localTax: 900n,
      estimate: true,
      jurisdiction: 'US-IL-CITY-CHICAGO',
    });
    const roanoke = quote({ place: { city: 'Roanoke', state: 'VA' } });
    expect(roanoke.localTax).toBe(0n);
    expect(roanoke.reasons.join()).toContain('Roanoke Admissions Tax, not charged');
  });
});

describe('a city admission tax', () => {
  it.each([
    ['Philadelphia', 'PA', 500n, 'estimate', 'medium confidence'],
    ['Canal Winchester', 'OH', 300n, 'verified', 'row checked on 2018-09-01'],
    ['Chicago', 'IL', 900n, 'estimate', 'certain live cultural performances exempt'],
  ])('of %s, %s: %s cents, %s', (city, state, amountCents, confidence, reason) => {
    const line = quote({ place: { city, state } }).lines.find((found) => found.kind === 'local');
    expect(line).toMatchObject({ amountCents, confidence });
    expect(line?.reason).toContain(reason);
  });
});

describe('the order of engines', () => {
  const service: TaxEngine = {
    name: 'service',
    assess: () => ({
      levies: [],
      reasons: ['asked'],
      certain: true,
      jurisdictions: ['US', 'US-TN'],
    }),
  };

  it('asks a given engine only where our rows are not all verified', () => {
    expect(quote({}, [service]).reasons).toEqual([]);
    expect(quote({ place: { city: 'Kingsport', state: 'TN' } }, [service]).reasons).toEqual([
      'asked',
    ]);
  });

  it('goes on to the estimate when it has no answer', () => {
    const silent: TaxEngine = { name: 'silent', assess: () => undefined };
    expect(quote({ place: { city: 'Kingsport', state: 'TN' } }, [silent]).localTax).toBe(250n);
  });

  it('is an error when none answers', () => {
    expect(() =>
      quoteTax([], book.codes, {
        place: NASHVILLE,
        saleDate: TODAY,
        taxableAmount: toCents(1),
        ticketCount: 1,
      }),
    ).toThrow('no tax engine answered');
  });
});

describe('what the tax is put on', () => {
  it('leaves fees out unless the rule takes them in', () => {
    const feesCents = toCents(2_000);
    const withFees = rule({ base: 'tickets_and_fees' });
    const { lines, taxableAmount } = quote({ feesCents, specialRules: [withFees] });
    expect(lines.map((line) => [line.taxableCents, line.amountCents])).toEqual([
      [10_000n, 700n],
      [10_000n, 275n],
      [12_000n, 120n],
    ]);
    expect(taxableAmount).toBe(10_000n);
  });

  it('counts an amount per ticket once for each', () => {
    const perTicket = rule({ ratePpm: null, perTicketCents: toCents(150) });
    expect(quote({ ticketCount: 4, specialRules: [perTicket] }).specialTax).toBe(600n);
  });

  it('charges no US tax abroad', () => {
    const { lines, totalTax, estimate, reasons, jurisdiction } = quote({
      place: { city: 'Toronto', state: 'ON', country: 'CA' },
      specialRules: [rule()],
    });
    expect({ lines, totalTax, estimate, jurisdiction }).toEqual({
      lines: [],
      totalTax: 0n,
      estimate: false,
      jurisdiction: 'CA',
    });
    expect(reasons[0]).toContain('outside the United States');
  });
});

describe('for any amount, rate and place', () => {
  const amounts = fc.bigInt({ min: 0n, max: MAX_REQUEST_CENTS }).map(toCents);
  const rates = fc.integer({ min: 0, max: 1_000_000 }).map(toPpm);
  const states = fc.constantFrom(...book.states.keys());
  const cities = fc.constantFrom('Nashville', 'Memphis', 'Chicago', 'Nowhere');

  it('the total is the sum of its lines, and each line is within half a cent', () => {
    fc.assert(
      fc.property(amounts, rates, states, cities, (taxableAmount, ratePpm, state, city) => {
        const special = rule({ scopeRef: `US-${state}`, ratePpm });
        const found = quote({ place: { city, state }, taxableAmount, specialRules: [special] });
        expect(found.totalTax).toBe(sum(found.lines.map((line) => line.amountCents)));
        expect(found.totalTax).toBe(found.stateTax + found.localTax + found.specialTax);
        expect(found.specialTax).toBe(percentOf(taxableAmount, ratePpm));
        for (const line of found.lines) {
          const exact = line.taxableCents * BigInt(line.ratePpm ?? 0);
          const error = line.amountCents * 1_000_000n - exact;
          expect(error <= 500_000n && error >= -500_000n).toBe(true);
        }
        expect(found.estimate || found.lines.every((l) => l.confidence === 'verified')).toBe(true);
      }),
    );
  });
});
