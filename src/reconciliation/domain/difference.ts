import type { Movement } from './movements.js';

/** What the machine does about a difference by itself; `wait`: the other side comes in its time. */
export type Fix = 'review' | 'settle' | 'retry' | 'wait';

/** Who looks at what no machine can mend. */
export type Owner = 'finance' | 'operations';

/** Why the two sides, or our own tables, do not agree. */
export const CAUSES = [
  'not_booked',
  'missing_at_provider',
  'in_transit',
  'amount_differs',
  'charge_without_payment',
  'movement_without_payment',
  'paid_without_tickets',
  'payment_stale',
  'refund_stale',
  'operation_stale',
  'outbox_stuck',
  'unexplained',
] as const;

export type Cause = (typeof CAUSES)[number];

/**
 * Something that is not as it should be. One that is met again is the same difference as long as
 * cause, movement and subject are.
 */
export interface Difference {
  readonly cause: Cause;
  readonly movement: Movement | 'none';
  readonly subjectType: string;
  readonly subjectId: string;
  readonly paymentId: string | null;
  /** Its part of the provider's balance less the ledger's; 0 for what moved no money. */
  readonly cents: bigint;
  /** What it is about, at least 0. */
  readonly atRiskCents: bigint;
  /** Null where it is about no money. */
  readonly currency: string | null;
  /** Null where a human has to look. */
  readonly fix: Fix | null;
  readonly occurredAt: Date;
  readonly details: Readonly<Record<string, string | number | null>>;
}

/** The one name under which it is known while it is open. */
export function identityOf({ cause, movement, subjectId }: Difference): string {
  return `${cause} ${movement} ${subjectId}`;
}

/** Who looks at it: money is finance's, work that hangs is operations'. */
export function ownerOf({ cause }: Difference): Owner {
  return OPERATIONS.has(cause) ? 'operations' : 'finance';
}

const OPERATIONS: ReadonlySet<Cause> = new Set([
  'paid_without_tickets',
  'payment_stale',
  'refund_stale',
  'operation_stale',
  'outbox_stuck',
]);

/** After so long a machine that has not mended it will not. */
const PATIENCE_MS = 24 * 3_600_000;

/** As it is seen now: what the machine has had its time for becomes a human's. */
export function overdue(difference: Difference, now: Date): Difference {
  const age = now.getTime() - difference.occurredAt.getTime();
  return difference.fix !== null && age > PATIENCE_MS ? { ...difference, fix: null } : difference;
}
