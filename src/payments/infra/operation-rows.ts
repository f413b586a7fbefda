import { type KeyScope, LEASE_SECONDS } from '../../kernel/idempotency/idempotency.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AskingRequest } from './refund-rows.js';

/** Violated when another capture or void of the payment is under way. */
export const OPEN_OPERATION_KEY = 'payment_operations_open';

export type OperationKind = 'capture' | 'cancel';

/** A capture or a void that somebody asked for. */
export interface OperationRow {
  readonly id: Uuid;
  readonly paymentId: Uuid;
  readonly kind: OperationKind;
  /** Of a capture; null otherwise. */
  readonly amountCents: number | null;
  readonly scope: KeyScope;
  readonly request: AskingRequest;
}

/** Due for the janitor as soon as its request's lease is over. */
export function insertOperation(operation: OperationRow): Statement {
  const { id, paymentId, kind, amountCents, scope, request } = operation;
  return sql`INSERT INTO payment_operations (tenant_id, id, payment_id, kind, amount_cents,
      requested_by, idempotency_key, request, next_attempt_at)
    VALUES (${scope.tenantId}, ${id}, ${paymentId}, ${kind}, ${amountCents}, ${scope.userId},
      ${scope.key}, ${request}, now() + make_interval(secs => ${LEASE_SECONDS}))`;
}

export function readOperation(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT payment_id, kind, amount_cents, requested_by, idempotency_key, request
    FROM payment_operations WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export function parseOperation(
  tenantId: Uuid,
  id: Uuid,
  result: Result | undefined,
): OperationRow | null {
  const row = result?.rows[0];
  if (!row) return null;
  const kind = row.kind as OperationKind;
  return {
    id,
    kind,
    paymentId: row.payment_id as Uuid,
    amountCents: row.amount_cents === null ? null : Number(row.amount_cents),
    request: row.request as AskingRequest,
    scope: {
      tenantId,
      operation: kind,
      userId: row.requested_by as Uuid,
      key: row.idempotency_key as Uuid,
    },
  };
}

/** Ended: nothing more is asked. `failed` where the payment did not become what was asked for. */
export function endOperation(tenantId: Uuid, id: Uuid, status: 'done' | 'failed'): Statement {
  return sql`UPDATE payment_operations
    SET status = ${status}, next_attempt_at = NULL, updated_at = now()
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'open'`;
}

/** Nobody knows yet: asked again at once, then in the janitor's growing steps; never too early. */
export function operationUnknown(tenantId: Uuid, id: Uuid, retryAfterSeconds = 0): Statement {
  return sql`UPDATE payment_operations SET updated_at = now(),
      not_before = now() + make_interval(secs => ${retryAfterSeconds}),
      next_attempt_at = greatest(now() + make_interval(secs => ${retryAfterSeconds}),
        CASE attempts WHEN 0 THEN least(next_attempt_at, now() + interval '2 seconds')
          ELSE next_attempt_at END)
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'open'`;
}
