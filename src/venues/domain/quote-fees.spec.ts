import fc from 'fast-check';
import { MAX_REQUEST_CENTS, sum, toCents, ZERO } from '../../kernel/money/index.js';
import { FEE_SCHEDULES, needsTierGuard, scheduleOn, tierOf } from './fee-schedule.js';
import { type FeeQuestion, quoteFees, taxableFees } from './quote-fees.js';
import {
  DEFAULT_SETTINGS,
  GAS_FEE_PAYERS,
  PLATFORM_FEE_PAYERS,
  PROCESSING_FEE_PAYERS,
} from './settings.js';

const ask = (changes: Partial<FeeQuestion> = {}): FeeQuestion => ({
  subtotalCents: toCents(10_000),
  ticketCount: 2,
  businessDate: '2026-11-21',
  monthToDateCents: ZERO,
  settings: DEFAULT_SETTINGS,
  taxCents: toCents(925),
  ...changes,
});

const questions: fc.Arbitrary<FeeQuestion> = fc.record({
  subtotalCents: fc.bigInt({ min: 0n, max: MAX_REQUEST_CENTS }).map(toCents),
  ticketCount: fc.integer({ min: 1, max: 500 }),
  businessDate: fc.constant('2026-11-21'),
  monthToDateCents: fc.bigInt({ min: 0n, max: 20_000_000n }).map(toCents),
  settings: fc.record({
    platformFeePayer: fc.constantFrom(...PLATFORM_FEE_PAYERS),
    gasFeePayer: fc.constantFrom(...GAS_FEE_PAYERS),
    processingFeePayer: fc.constantFrom(...PROCESSING_FEE_PAYERS),
  }),
  taxCents: fc.bigInt({ min: 0n, max: 20_000_000n }).map(toCents),
});

describe('the specification comes out to the cent', () => {
  it('two tickets at $50 in Nashville, a Starter venue: $118.45', () => {
    const quote = quoteFees(ask());
    expect(quote).toMatchObject({
      schedule: 'v1',
      tierPpm: 82_000,
      platformFee: 820n,
      gasFee: 100n,
      processingFee: 0n,
      buyerTotal: 11_845n,
      allInPrice: 10_920n,
      venueNet: 10_000n,
    });
    expect(quote.tier.name).toBe('starter');
  });

  it('one ticket at $100, a Pro venue: $117.65', () => {
    const quote = quoteFees(ask({ ticketCount: 1, monthToDateCents: toCents(5_000_000) }));
    expect(quote).toMatchObject({ platformFee: 790n, gasFee: 50n, buyerTotal: 11_765n });
  });
});

describe('the tier', () => {
  it.each([
    [0n, 'starter', 82_000],
    [999_999n, 'starter', 82_000],
    [1_000_000n, 'pro', 79_000],
    [10_000_000n, 'pro', 79_000],
    [10_000_001n, 'enterprise', 75_000],
    [9_999_999_999n, 'enterprise', 75_000],
  ])('of a venue with %s cents this month is %s', (monthToDate, name, ppm) => {
    const tier = tierOf(scheduleOn('2026-11-21'), toCents(monthToDate));
    expect(tier).toMatchObject({ name, ppm });
    expect(needsTierGuard(tier)).toBe(name !== 'enterprise');
  });

  it.each(FEE_SCHEDULES.map((schedule) => [schedule.version, schedule] as const))(
    'of schedule %s leaves no amount without a rate, nor one with two',
    (_, { tiers }) => {
      expect(tiers[0]?.from).toBe(0n);
      expect(tiers.map(({ below }) => below)).toEqual([
        ...tiers.slice(1).map(({ from }) => from),
        null,
      ]);
    },
  );
});

describe('a schedule', () => {
  it('is the one in force on the day', () => {
    const [first] = FEE_SCHEDULES;
    const next = { ...first, version: 'v2', effectiveFrom: '2027-01-01' };
    const both = [first, next] as const;
    expect(scheduleOn('2026-12-31', both).version).toBe('v1');
    expect(scheduleOn('2027-01-01', both).version).toBe('v2');
    expect(scheduleOn('1999-01-01', both).version).toBe('v1');
  });
});

describe('payers', () => {
  it('take a fee off the buyer: the venue out of its own part, the platform out of its fees', () => {
    const settings = {
      platformFeePayer: 'venue',
      gasFeePayer: 'platform',
      processingFeePayer: 'venue',
    } as const;
    expect(quoteFees(ask({ settings }))).toMatchObject({
      platformFee: 820n,
      gasFee: 100n,
      processingFee: 0n,
      buyerFees: 0n,
      buyerTotal: 10_925n,
      allInPrice: 10_000n,
      venueNet: 9_180n,
    });
  });

  it('pass 2.9 % of tickets, fees and taxes on to the buyer', () => {
    const settings = { ...DEFAULT_SETTINGS, processingFeePayer: 'buyer' } as const;
    const quote = quoteFees(ask({ settings }));
    expect(quote.processingFee).toBe(344n); // 11845 × 0.029 = 343.505
    expect(quote.buyerTotal).toBe(12_189n);
    expect(quote.allInPrice).toBe(11_264n);
    expect(taxableFees(ask({ settings }))).toBe(920n);
  });

  it('leave a venue that bears gas on free tickets below zero', () => {
    const settings = { ...DEFAULT_SETTINGS, gasFeePayer: 'venue' } as const;
    const free = quoteFees(ask({ settings, subtotalCents: ZERO, taxCents: ZERO }));
    expect(free).toMatchObject({ buyerTotal: 0n, platformFee: 0n, venueNet: -100n });
  });
});

it('whoever bears what: lines sum up, nothing is negative but the venue’s part', () => {
  fc.assert(
    fc.property(questions, (question) => {
      const quote = quoteFees(question);
      const of = (payer: string) =>
        sum(quote.lines.filter((l) => l.payer === payer).map((l) => l.amountCents));
      expect(quote.buyerTotal).toBe(question.subtotalCents + of('buyer') + question.taxCents);
      expect(quote.allInPrice + question.taxCents).toBe(quote.buyerTotal);
      expect(quote.venueNet).toBe(question.subtotalCents - of('venue'));
      expect(of('buyer') + of('venue') + of('platform')).toBe(
        quote.platformFee + quote.gasFee + quote.processingFee,
      );
      expect(quote.lines.every(({ amountCents }) => amountCents >= 0n)).toBe(true);
      const passedOn = question.settings.processingFeePayer === 'buyer';
      expect(quote.processingFee > 0n).toBe(passedOn && quote.buyerTotal > 17n);
    }),
  );
});
