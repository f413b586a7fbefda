import { toPpm } from '../../kernel/money/index.js';
import { admitSpecialRule } from './admit-special-rule.js';
import { type SpecialTaxRule, specialLevies } from './special-rules.js';

const VENUE = '0198c0de-0000-7000-8000-0000000000aa';

function rule(over: Partial<SpecialTaxRule> = {}): SpecialTaxRule {
  return {
    id: '0198c0de-0000-7000-8000-000000000001',
    scope: 'venue',
    scopeRef: VENUE,
    name: 'Stadium Privilege Tax',
    ratePpm: toPpm(20_000),
    perTicketCents: null,
    base: 'tickets',
    effectiveFrom: '2026-01-01',
    effectiveTo: '2026-12-31',
    ...over,
  };
}

const occasion = {
  saleDate: '2026-06-01',
  venueId: VENUE as string | undefined,
  jurisdictions: ['US', 'US-TN', 'US-TN-SHELBY', 'US-TN-CITY-MEMPHIS'],
  mostLocal: 'US-TN-CITY-MEMPHIS',
};

describe('specialLevies', () => {
  it('files a venue rule under the most local jurisdiction', () => {
    expect(specialLevies([rule()], occasion)).toMatchObject([
      { kind: 'special', jurisdiction: 'US-TN-CITY-MEMPHIS', name: 'Stadium Privilege Tax' },
    ]);
  });

  it.each([
    ['2025-12-31', 0],
    ['2026-01-01', 1],
    ['2026-12-30', 1],
    ['2026-12-31', 0],
  ])('on %s applies %s times', (saleDate, times) => {
    expect(specialLevies([rule()], { ...occasion, saleDate })).toHaveLength(times);
  });

  it.each([
    ['US', 1],
    ['US-TN', 1],
    ['US-TN-SHELBY', 1],
    ['US-TN-CITY-MEMPHIS', 1],
    ['US-TN-DAVIDSON', 0],
    ['US-T', 0],
  ])('a rule of %s applies %s times in Memphis', (scopeRef, times) => {
    const found = specialLevies([rule({ scope: 'jurisdiction', scopeRef })], occasion);
    expect(found).toHaveLength(times);
    expect(found.map((levy) => levy.jurisdiction)).toEqual(found.map(() => scopeRef));
  });

  it('passes over the rules of other venues', () => {
    expect(specialLevies([rule()], { ...occasion, venueId: undefined })).toEqual([]);
  });
});

describe('admitSpecialRule', () => {
  it.each([
    [rule()],
    [rule({ effectiveTo: null })],
    [rule({ scope: 'jurisdiction', scopeRef: 'US-TN-CITY-MEMPHIS' })],
  ])('takes a sound rule', (sound) => {
    expect(admitSpecialRule(sound)).toBeUndefined();
  });

  it.each([
    ['scopeRef', { scopeRef: 'Ryman' }],
    ['scopeRef', { scope: 'jurisdiction', scopeRef: 'Tennessee' }],
    ['scopeRef', { scope: 'jurisdiction', scopeRef: 'US-TN-' }],
    ['ratePpm', { ratePpm: null }],
    ['effectiveTo', { effectiveTo: '2026-01-01' }],
  ] as const)('refuses a wrong %s', (field, over) => {
    expect(admitSpecialRule(rule(over))).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field }],
    });
  });
});
