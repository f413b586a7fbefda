import type { Uuid } from '../../kernel/ids.js';
import { type Statement, statement } from '../../kernel/postgres/sql.js';

/** Rows that a process asks about at once. */
export const BATCH = 20;

/**
 * How long a claimed row is its claimer's. Asking may take longer, and then two ask: that is a
 * wasted call and no harm, whereas everything a dead process had claimed waits that long.
 */
const CLAIM_SECONDS = 20;

/** The provider's keys are about to be forgotten: from now on asking again could act twice. */
export const HOPELESS_HOURS = 23;

/** An operation at the provider whose outcome is to be asked for. */
export interface Due {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  readonly paymentId: Uuid;
  readonly cents: bigint;
  readonly currency: string;
  /** Open for longer than asking again is safe. */
  readonly hopeless: boolean;
  readonly claimedUntil: Date;
}

/** A table of operations with `tenant_id`, `id`, `created_at`, `attempts`, `next_attempt_at`, `not_before`. */
interface OperationTable {
  readonly table: string;
  readonly paymentId: string;
  readonly cents: string;
  readonly currency: string;
  /** Another table, as `p`, where not all of it is in the row, as `o`, itself. */
  readonly beside?: { readonly table: string; readonly on: string };
  /** Of what has been asked about, what is drawn forward when the provider is back. */
  readonly outcomeOpen: string;
}

/** The statements by which open operations are found and put off. */
export interface OpenOperations {
  /** Takes what is due; a row is due again even if this process dies now. */
  readonly claim: Statement;
  /** Never draws what its request is still asking: two that ask get in each other's way. */
  readonly drawForward: Statement;
  /**
   * After asking in vain: 2 s, 5 s, 15 s, 1 min, then every 5 min, and never before the provider
   * wants. Nothing when meanwhile somebody else has said when it is due. Only a question that came
   * to its end counts: whoever died in it has learned nothing about the provider.
   */
  putOff(due: Due): Statement;
}

/** All names are source code and become SQL as they stand: nothing of them may come from outside. */
function operationsIn(at: OperationTable): OpenOperations {
  const { table, beside } = at;
  const putOff = statement(`
    UPDATE ${table} SET attempts = attempts + 1,
      next_attempt_at = greatest(not_before, now() + retry_delay(least(attempts, 5)))
    WHERE tenant_id = $1 AND id = $2 AND next_attempt_at = $3`);
  return {
    // One that has been claimed counts as tried once: the request that began it has given up.
    claim: statement(
      `UPDATE ${table} o SET attempts = greatest(o.attempts, 1),
        next_attempt_at = date_trunc('milliseconds', now()) + interval '${CLAIM_SECONDS} seconds'
      ${beside ? `FROM ${beside.table} p` : ''}
      WHERE (o.tenant_id, o.id) IN (
        SELECT tenant_id, id FROM ${table} WHERE next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      ) ${beside ? `AND ${beside.on}` : ''}
      RETURNING o.tenant_id, o.id, ${at.paymentId} AS payment_id, ${at.cents} AS cents,
        ${at.currency} AS currency, o.next_attempt_at AS claimed_until,
        o.created_at < now() - interval '${HOPELESS_HOURS} hours' AS hopeless`,
    ),
    drawForward: statement(`
      UPDATE ${table} SET next_attempt_at =
        greatest(not_before, least(next_attempt_at, now() + random() * interval '10 seconds'))
      WHERE next_attempt_at IS NOT NULL AND attempts > 0 AND ${at.outcomeOpen}`),
    putOff: ({ tenantId, id, claimedUntil }) => ({
      ...putOff,
      values: [tenantId, id, claimedUntil],
    }),
  };
}

export const openCharges = operationsIn({
  table: 'payment_intents',
  paymentId: 'o.payment_id',
  cents: 'o.amount',
  currency: 'o.currency',
  outcomeOpen: `status IN ('PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION')`,
});

export const openRefunds = operationsIn({
  table: 'payment_refunds',
  paymentId: 'o.transaction_id',
  cents: 'o.amount',
  currency: 'o.currency',
  outcomeOpen: `status = 'pending'`,
});

export const openCapturesAndVoids = operationsIn({
  table: 'payment_operations',
  paymentId: 'o.payment_id',
  cents: 'coalesce(o.amount_cents, p.amount)',
  currency: 'p.currency',
  beside: {
    table: 'payment_intents',
    on: 'p.tenant_id = o.tenant_id AND p.payment_id = o.payment_id',
  },
  outcomeOpen: `status = 'open'`,
});

export const openEvidence = operationsIn({
  table: 'dispute_evidence_operations',
  paymentId: 'p.payment_id',
  cents: 'p.amount_cents',
  currency: 'p.currency',
  beside: { table: 'payment_disputes', on: 'p.tenant_id = o.tenant_id AND p.id = o.dispute_id' },
  outcomeOpen: 'true',
});

/** A row that a claim returned. */
export function dueOf(row: Readonly<Record<string, unknown>>): Due {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    paymentId: row.payment_id as Uuid,
    cents: row.cents as bigint,
    currency: row.currency as string,
    hopeless: row.hopeless as boolean,
    claimedUntil: row.claimed_until as Date,
  };
}
