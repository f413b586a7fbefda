import { type Cents, multiply, percentOf, type Ppm, sum, ZERO } from '../../kernel/money/index.js';
import { subtract, toCents } from '../../kernel/money/index.js';
import type { BusinessDate } from '../../kernel/business-date.js';
import { type FeeTier, scheduleOn, tierOf } from './fee-schedule.js';
import type { FeePayerSettings } from './settings.js';

export interface FeeQuestion {
  /** The face value of all tickets, in cents. */
  readonly subtotalCents: Cents;
  readonly ticketCount: number;
  /** The day of the sale at the venue: it chooses the schedule. */
  readonly businessDate: BusinessDate;
  /** The venue's gross captured this month before this payment, in cents. */
  readonly monthToDateCents: Cents;
  readonly settings: FeePayerSettings;
  /** All taxes of the sale, in cents. */
  readonly taxCents: Cents;
}

export type FeePayer = 'buyer' | 'venue' | 'platform';

export interface FeeLine {
  readonly kind: 'platform_fee' | 'gas_fee' | 'processing_fee';
  readonly payer: FeePayer;
  readonly amountCents: Cents;
}

/** A price with its fees; every amount in cents. */
export interface FeeQuote {
  /** The schedule's version. */
  readonly schedule: string;
  readonly tier: FeeTier;
  readonly tierPpm: Ppm;
  /** The whole fee, whoever bears it; `lines` says who does. */
  readonly platformFee: Cents;
  /** The whole fee, whoever bears it. */
  readonly gasFee: Cents;
  /**
   * What the buyer pays for card processing; zero unless the buyer bears it. Otherwise its cost is
   * known, and posted, only when the provider tells it.
   */
  readonly processingFee: Cents;
  readonly lines: readonly FeeLine[];
  /** The buyer's fees together. */
  readonly buyerFees: Cents;
  /** Tickets, the buyer's fees and taxes: what is charged. */
  readonly buyerTotal: Cents;
  /** Tickets and every fee a buyer cannot avoid; taxes apart (16 CFR 464). */
  readonly allInPrice: Cents;
  /** Tickets less the fees the venue bears; negative where those exceed the price. */
  readonly venueNet: Cents;
}

/**
 * The fees of a sale. The platform fee is the tier's part of the tickets, gas a fixed amount a
 * ticket, free tickets included. The buyer's processing fee is 2.9 % of everything else the buyer
 * pays: tickets, the buyer's other fees and taxes, because that is what the card is charged for; it
 * is not grossed up for itself. Each fee is rounded once, half away from zero.
 */
export function quoteFees(question: FeeQuestion): FeeQuote {
  const { subtotalCents, ticketCount, settings, taxCents } = question;
  const schedule = scheduleOn(question.businessDate);
  const tier = tierOf(schedule, question.monthToDateCents);
  const lines: FeeLine[] = [
    {
      kind: 'platform_fee',
      payer: settings.platformFeePayer,
      amountCents: percentOf(subtotalCents, tier.ppm),
    },
    {
      kind: 'gas_fee',
      payer: settings.gasFeePayer,
      amountCents: multiply(schedule.gasPerTicket, ticketCount),
    },
  ];
  if (settings.processingFeePayer === 'buyer') {
    const before = sum([subtotalCents, borneBy('buyer', lines), taxCents]);
    const amountCents = percentOf(before, schedule.processingPpm);
    lines.push({ kind: 'processing_fee', payer: 'buyer', amountCents });
  }
  const buyerFees = borneBy('buyer', lines);
  return {
    schedule: schedule.version,
    tier,
    tierPpm: tier.ppm,
    platformFee: amountOf('platform_fee', lines),
    gasFee: amountOf('gas_fee', lines),
    processingFee: amountOf('processing_fee', lines),
    lines,
    buyerFees,
    buyerTotal: sum([subtotalCents, buyerFees, taxCents]),
    allInPrice: sum([subtotalCents, buyerFees]),
    venueNet: subtract(subtotalCents, borneBy('venue', lines)),
  };
}

/**
 * What a tax on fees is put on: the buyer's fees without the processing fee, which itself is
 * computed on the total with taxes.
 */
export function taxableFees(question: Omit<FeeQuestion, 'taxCents'>): Cents {
  const { lines } = quoteFees({ ...question, taxCents: ZERO });
  return borneBy(
    'buyer',
    lines.filter(({ kind }) => kind !== 'processing_fee'),
  );
}

function borneBy(payer: FeePayer, lines: readonly FeeLine[]): Cents {
  return sum(lines.filter((line) => line.payer === payer).map((line) => line.amountCents));
}

function amountOf(kind: FeeLine['kind'], lines: readonly FeeLine[]): Cents {
  return lines.find((line) => line.kind === kind)?.amountCents ?? toCents(0);
}
