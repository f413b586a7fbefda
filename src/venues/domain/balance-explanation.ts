import type { BalanceCause, CausesReading, VenueBucket } from '../../ledger/ledger.contract.js';

export const VENUE_BUCKETS = ['pending', 'available', 'reserved', 'debt'] as const;

/** Where a page ended: the next one goes on behind `place`, at the same instant. */
export interface ExplainPlace {
  readonly at: Date;
  readonly place: number;
}

/** What one journal did to one bucket; cents, positive in the venue's favour. */
export interface ExplainedCause {
  readonly journalId: string;
  readonly kind: string;
  readonly paymentId: string;
  readonly bucket: VenueBucket;
  readonly amount: bigint;
  readonly runningTotal: bigint;
  readonly at: Date;
}

export interface BalanceExplanation {
  readonly at: Date;
  readonly currency: string;
  readonly causes: readonly ExplainedCause[];
  /** Of all causes; what the venue owes lessens it. */
  readonly total: bigint;
  /** No transaction still running can change the reading up to here. */
  readonly exactUpTo: Date;
  /** Null on the last page. */
  readonly next: ExplainPlace | null;
}

/** The ledger's reading in the venue's signs: a credit there is what we owe the venue. */
export function explanationOf(
  { causes, total, hasMore }: CausesReading,
  { at, ...rest }: Pick<BalanceExplanation, 'at' | 'currency' | 'exactUpTo'>,
): BalanceExplanation {
  const last = causes.at(-1);
  return {
    ...rest,
    at,
    causes: causes.map(explained),
    total: -total,
    next: hasMore && last ? { at, place: last.place } : null,
  };
}

function explained({ account, ...cause }: BalanceCause): ExplainedCause {
  return {
    journalId: cause.journalId,
    kind: cause.kind,
    paymentId: cause.referenceId,
    bucket: account.split(':').at(-1) as VenueBucket,
    amount: -cause.amount,
    runningTotal: -cause.runningTotal,
    at: cause.at,
  };
}
