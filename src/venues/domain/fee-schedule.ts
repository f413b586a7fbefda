import { type Cents, type Ppm, toCents, toPpm } from '../../kernel/money/index.js';
import type { BusinessDate } from '../../kernel/business-date.js';

export type FeeTierName = 'starter' | 'pro' | 'enterprise';

/** One step of the platform fee, for months in which `from ≤ captured gross < below` (cents). */
export interface FeeTier {
  readonly name: FeeTierName;
  readonly ppm: Ppm;
  readonly from: Cents;
  /** Exclusive; null for the last tier. */
  readonly below: Cents | null;
}

/** What the platform charges from a day on. A sale's event stores the version it was priced by. */
export interface FeeSchedule {
  readonly version: string;
  /** The first day at the venue that it applies to. */
  readonly effectiveFrom: BusinessDate;
  /** Contiguous, from zero upwards. */
  readonly tiers: readonly FeeTier[];
  /** Charged for each ticket whatever minting it costs in the end. */
  readonly gasPerTicket: Cents;
  /** Of the buyer's total before it, and only where the buyer bears card processing. */
  readonly processingPpm: Ppm;
}

/**
 * Payment service spec, "Dynamic Fee Calculation" and "Money Handling". The spec's borders are
 * read as: below $10,000 Starter, $10,000 to $100,000 inclusive Pro, above Enterprise.
 */
const V1: FeeSchedule = {
  version: 'v1',
  effectiveFrom: '2025-01-01',
  tiers: [
    tier('starter', 82_000, 0n, 1_000_000n),
    tier('pro', 79_000, 1_000_000n, 10_000_001n),
    tier('enterprise', 75_000, 10_000_001n, null),
  ],
  gasPerTicket: toCents(50),
  processingPpm: toPpm(29_000),
};

/** Every schedule there has been, oldest first. */
export const FEE_SCHEDULES: readonly [FeeSchedule, ...FeeSchedule[]] = [V1];

/** The schedule in force on a day at the venue; the oldest one also covers the days before it. */
export function scheduleOn(date: BusinessDate, schedules = FEE_SCHEDULES): FeeSchedule {
  return schedules.findLast(({ effectiveFrom }) => effectiveFrom <= date) ?? schedules[0];
}

/** The tier of a venue that has captured `monthToDate` (gross, cents) this month. */
export function tierOf(schedule: FeeSchedule, monthToDate: Cents): FeeTier {
  const found = schedule.tiers.find(({ below }) => below === null || monthToDate < below);
  if (!found) throw new Error(`fee schedule ${schedule.version} has no last tier`);
  return found;
}

/**
 * May a month's further sales move the venue out of this tier? Volume only grows within a month,
 * so the last tier is final in it.
 */
export function needsTierGuard({ below }: FeeTier): boolean {
  return below !== null;
}

function tier(name: FeeTierName, ppm: number, from: bigint, below: bigint | null): FeeTier {
  return {
    name,
    ppm: toPpm(ppm),
    from: toCents(from),
    below: below === null ? null : toCents(below),
  };
}
