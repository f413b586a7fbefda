import { type KeyScope, LEASE_SECONDS } from '../../kernel/idempotency/idempotency.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { AskingRequest } from './refund-rows.js';

/** What the keys of evidence are good for. */
export const EVIDENCE = 'dispute_evidence';

/** Evidence that somebody wants handed in; the row lasts until it is known what became of it. */
export interface EvidenceRow {
  readonly operationId: Uuid;
  readonly disputeId: Uuid;
  readonly scope: KeyScope;
  readonly request: AskingRequest;
}

/** Due for the janitor as soon as its request's lease is over. */
export function insertEvidence({ operationId, disputeId, scope, request }: EvidenceRow): Statement {
  return sql`INSERT INTO dispute_evidence_operations
      (tenant_id, id, dispute_id, requested_by, idempotency_key, request, next_attempt_at)
    VALUES (${scope.tenantId}, ${operationId}, ${disputeId}, ${scope.userId}, ${scope.key},
      ${request}, now() + make_interval(secs => ${LEASE_SECONDS}))`;
}

export function readEvidence(tenantId: Uuid, operationId: Uuid): Statement {
  return sql`SELECT dispute_id, requested_by, idempotency_key, request
    FROM dispute_evidence_operations WHERE tenant_id = ${tenantId} AND id = ${operationId}`;
}

export function parseEvidence(
  tenantId: Uuid,
  operationId: Uuid,
  result: Result | undefined,
): EvidenceRow | null {
  const row = result?.rows[0];
  if (!row) return null;
  return {
    operationId,
    disputeId: row.dispute_id as Uuid,
    request: row.request as AskingRequest,
    scope: {
      tenantId,
      operation: EVIDENCE,
      userId: row.requested_by as Uuid,
      key: row.idempotency_key as Uuid,
    },
  };
}

/** It is known what became of it: the dispute's own history tells. */
export function endEvidence(tenantId: Uuid, operationId: Uuid): Statement {
  return sql`DELETE FROM dispute_evidence_operations
    WHERE tenant_id = ${tenantId} AND id = ${operationId}`;
}

/** Nobody knows yet: asked again at once, then in the janitor's growing steps; never too early. */
export function evidenceUnknown(
  tenantId: Uuid,
  operationId: Uuid,
  retryAfterSeconds = 0,
): Statement {
  return sql`UPDATE dispute_evidence_operations
    SET not_before = now() + make_interval(secs => ${retryAfterSeconds}),
      next_attempt_at = greatest(now() + make_interval(secs => ${retryAfterSeconds}),
        CASE attempts WHEN 0 THEN least(next_attempt_at, now() + interval '2 seconds')
          ELSE next_attempt_at END)
    WHERE tenant_id = ${tenantId} AND id = ${operationId}`;
}
