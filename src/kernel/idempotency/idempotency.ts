import { createHash } from 'node:crypto';
import type { Uuid } from '../ids.js';
import type { Result } from '../postgres/pipeline.js';
import { sql, type Statement } from '../postgres/sql.js';

/** How long a request may run before another one with its key takes it over. */
export const LEASE_SECONDS = 15;

/** What makes a key unique: two users, or two operations, may use the same one. */
export interface KeyScope {
  readonly tenantId: Uuid;
  readonly userId: Uuid;
  readonly operation: string;
  readonly key: Uuid;
}

/** What is known of a key: which object its first request made, and the answer once it is final. */
export interface KnownKey {
  readonly requestHash: string;
  readonly resourceId: Uuid;
  readonly running: boolean;
  readonly answer: StoredAnswer | null;
}

/** A final answer, byte for byte. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** The fingerprint of a request: its parsed body with sorted keys, so that spelling does not matter. */
export function requestHash(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sortKeys)).digest('base64url');
}

/** Stands for the fingerprint of a request that is lost: every body is taken for that request's. */
export const LOST_REQUEST = 'lost';

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function readKey(scope: KeyScope): Statement {
  return sql`
    SELECT request_hash, resource_id, coalesce(lease_until > now(), false) AS running,
      status_code, response
    FROM payment_idempotency
    WHERE tenant_id = ${scope.tenantId} AND user_id = ${scope.userId}
      AND operation = ${scope.operation} AND idempotency_key = ${scope.key}
      AND (expires_at > now() OR status_code IS NULL)`;
}

export function parseKey(result: Result | undefined): KnownKey | null {
  const row = result?.rows[0];
  if (!row) return null;
  const answered = row.status_code !== null;
  return {
    requestHash: row.request_hash as string,
    resourceId: row.resource_id as Uuid,
    running: row.running as boolean,
    answer: answered ? { status: row.status_code as number, body: row.response as string } : null,
  };
}

/**
 * Claims a key for a new object, inside the transaction that creates the object. A key that lives
 * already stops the transaction (SQLSTATE TT001); one whose final answer is past its lifetime is
 * claimed anew. A key whose outcome is open never expires: another request would charge again.
 */
export function claimKey(
  scope: KeyScope,
  hash: string,
  resourceId: Uuid,
  lifetimeSeconds: number,
): Statement {
  return sql`
    WITH claim AS (
      INSERT INTO payment_idempotency AS k (tenant_id, user_id, operation, idempotency_key,
        request_hash, resource_id, lease_until, expires_at)
      VALUES (${scope.tenantId}, ${scope.userId}, ${scope.operation}, ${scope.key}, ${hash},
        ${resourceId}, now() + make_interval(secs => ${LEASE_SECONDS}),
        now() + make_interval(secs => ${lifetimeSeconds}))
      ON CONFLICT (tenant_id, user_id, operation, idempotency_key) DO UPDATE SET
        request_hash = excluded.request_hash, resource_id = excluded.resource_id,
        lease_until = excluded.lease_until, expires_at = excluded.expires_at,
        status_code = NULL, response = NULL, created_at = now()
      WHERE k.expires_at <= now() AND k.status_code IS NOT NULL
      RETURNING 1
    ) SELECT require_key(count(*) = 1) FROM claim`;
}

/** Takes over a key whose request died. Answers a row only to the one that got it. */
export function takeOver(scope: KeyScope): Statement {
  return sql`
    UPDATE payment_idempotency SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
    WHERE tenant_id = ${scope.tenantId} AND user_id = ${scope.userId}
      AND operation = ${scope.operation} AND idempotency_key = ${scope.key}
      AND status_code IS NULL AND (lease_until IS NULL OR lease_until <= now())
    RETURNING 1`;
}

/** Ends the request's lease without an answer: the outcome is still open, the key stays bound. */
export function endLease(scope: KeyScope): Statement {
  return sql`
    UPDATE payment_idempotency SET lease_until = NULL
    WHERE tenant_id = ${scope.tenantId} AND user_id = ${scope.userId}
      AND operation = ${scope.operation} AND idempotency_key = ${scope.key}
      AND status_code IS NULL`;
}

/** Stores the final answer, once: a second one changes nothing. */
export function storeAnswer(scope: KeyScope, answer: StoredAnswer): Statement {
  return sql`
    UPDATE payment_idempotency
    SET status_code = ${answer.status}, response = ${answer.body}, lease_until = NULL
    WHERE tenant_id = ${scope.tenantId} AND user_id = ${scope.userId}
      AND operation = ${scope.operation} AND idempotency_key = ${scope.key}
      AND status_code IS NULL`;
}
