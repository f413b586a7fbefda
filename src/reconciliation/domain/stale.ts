import { assertNever } from '../../kernel/errors.js';
import type { Cause, Difference } from './difference.js';

/** An operation nobody has heard of for too long. */
export interface Stale {
  readonly what: 'payment' | 'refund' | 'operation';
  readonly id: string;
  readonly paymentId: string;
  readonly status: string;
  readonly cents: bigint;
  readonly currency: string;
  readonly since: Date;
}

/** An event that no subscriber has confirmed for too long. */
export interface StuckEvent {
  readonly id: string;
  readonly type: string;
  readonly attempts: number;
  readonly since: Date;
}

/** A payment whose buyer has paid and has no tickets for it. */
export interface Orphan {
  readonly paymentId: string;
  readonly status: string;
  readonly cents: bigint;
  readonly currency: string;
  readonly since: Date;
}

/** After so long an event that waits is stuck (Payment service spec, Reconciliation). */
export const STUCK_SECONDS = 10 * 60;

export function staleDifference({ what, id, ...stale }: Stale): Difference {
  return {
    cause: staleCause(what),
    movement: 'none',
    subjectType: what,
    subjectId: id,
    paymentId: stale.paymentId,
    cents: 0n,
    atRiskCents: stale.cents,
    currency: stale.currency,
    fix: 'settle',
    occurredAt: stale.since,
    details: { status: stale.status },
  };
}

export function stuckDifference({ id, type, attempts, since }: StuckEvent): Difference {
  return {
    cause: 'outbox_stuck',
    movement: 'none',
    subjectType: 'outbox_event',
    subjectId: id,
    paymentId: null,
    cents: 0n,
    atRiskCents: 0n,
    currency: null,
    fix: 'retry',
    occurredAt: since,
    details: { type, attempts },
  };
}

export function orphanDifference({
  paymentId,
  status,
  cents,
  currency,
  since,
}: Orphan): Difference {
  return {
    cause: 'paid_without_tickets',
    movement: 'none',
    subjectType: 'payment',
    subjectId: paymentId,
    paymentId,
    cents: 0n,
    atRiskCents: cents,
    currency,
    fix: null,
    occurredAt: since,
    details: { status },
  };
}

function staleCause(what: Stale['what']): Cause {
  switch (what) {
    case 'payment':
      return 'payment_stale';
    case 'refund':
      return 'refund_stale';
    case 'operation':
      return 'operation_stale';
    default:
      return assertNever(what);
  }
}
