import type { Sealed } from '../../kernel/crypto/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { DisabledReason, WebhookEndpoint } from '../domain/endpoint.js';
import type { SealedSecrets } from './endpoint-secrets.js';

/** Endpoints that a tenant may have: each of its events is looked at for every one of them. */
export const MOST_ENDPOINTS = 100;

/** What the guards below say. */
export const TOO_MANY_ENDPOINTS = 'too many webhook endpoints';
export const ENDPOINT_GONE = 'the webhook endpoint is not as it was';

type Row = Readonly<Record<string, unknown>>;

export interface NewEndpoint extends Pick<
  WebhookEndpoint,
  'id' | 'url' | 'eventTypes' | 'description' | 'disabledReason'
> {
  readonly createdBy: Uuid;
  readonly secret: Sealed;
}

export function insertEndpoint(tenantId: Uuid, endpoint: NewEndpoint): Statement[] {
  const { id, url, eventTypes, description, disabledReason, secret, createdBy } = endpoint;
  return [
    // One after the other, so that each counts those before it.
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`webhook_endpoints ${tenantId}`}, 0))`,
    sql`SELECT guard((SELECT count(*) < ${MOST_ENDPOINTS} FROM webhook_endpoints
      WHERE tenant_id = ${tenantId}), ${TOO_MANY_ENDPOINTS})`,
    sql`
      INSERT INTO webhook_endpoints (tenant_id, id, url, event_types, description, status,
        disabled_reason, secret_key_id, secret_ciphertext, created_by)
      VALUES (${tenantId}, ${id}, ${url}, ${[...eventTypes]}, ${description},
        ${disabledReason === null ? 'enabled' : 'disabled'}, ${disabledReason}, ${secret.keyId},
        ${secret.ciphertext}, ${createdBy})`,
  ];
}

/** Newest first; without a limit all of them. */
export function endpointsReading(
  tenantId: Uuid,
  { before, limit }: { readonly before?: Uuid; readonly limit?: number } = {},
): Statement {
  return sql`
    SELECT * FROM webhook_endpoints
    WHERE tenant_id = ${tenantId}::uuid AND (${before}::uuid IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit}::integer`;
}

export function endpointReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM webhook_endpoints WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/**
 * What an administrator decides about an endpoint as he has read it; stops the transaction when it
 * has been changed, or has gone, since. Its health goes on being noted, unless it is forgotten here.
 */
export function updateEndpoint(tenantId: Uuid, endpoint: WebhookEndpoint): Statement {
  const { id, url, eventTypes, description, disabledReason, failingSince, updatedAt } = endpoint;
  return sql`
    WITH changed AS (
      UPDATE webhook_endpoints SET url = ${url}, event_types = ${[...eventTypes]},
        description = ${description}, disabled_reason = ${disabledReason},
        status = ${disabledReason === null ? 'enabled' : 'disabled'},
        failing_since = CASE WHEN ${failingSince !== null}::boolean THEN failing_since END,
        updated_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id}
        AND date_trunc('milliseconds', updated_at) = date_trunc('milliseconds', ${updatedAt}::timestamptz)
      RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM changed), ${ENDPOINT_GONE})`;
}

/** The secret of until now signs for another day beside the new one. */
export function rotateEndpointSecret(tenantId: Uuid, id: Uuid, secret: Sealed): Statement {
  return sql`
    WITH changed AS (
      UPDATE webhook_endpoints SET previous_key_id = secret_key_id,
        previous_ciphertext = secret_ciphertext, previous_until = now() + interval '24 hours',
        secret_key_id = ${secret.keyId}, secret_ciphertext = ${secret.ciphertext},
        updated_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM changed), ${ENDPOINT_GONE})`;
}

export function deleteEndpoint(tenantId: Uuid, id: Uuid): Statement {
  return sql`
    WITH gone AS (
      DELETE FROM webhook_endpoints WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM gone), ${ENDPOINT_GONE})`;
}

/** Something arrived, or nothing does from now on. */
export function noteHealth(tenantId: Uuid, id: Uuid, arrives: boolean): Statement {
  return sql`
    UPDATE webhook_endpoints
    SET failing_since = CASE WHEN NOT ${arrives}::boolean THEN coalesce(failing_since, now()) END
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** Stops the transaction when it is disabled already. */
export function disableEndpoint(tenantId: Uuid, id: Uuid, reason: DisabledReason): Statement {
  return sql`
    WITH disabled AS (
      UPDATE webhook_endpoints
      SET status = 'disabled', disabled_reason = ${reason}, updated_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'enabled' RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM disabled), ${ENDPOINT_GONE})`;
}

export function endpointOf(row: Row): WebhookEndpoint {
  return {
    id: row.id as Uuid,
    url: row.url as string,
    eventTypes: row.event_types as string[],
    description: row.description as string | null,
    disabledReason: row.disabled_reason as DisabledReason | null,
    failingSince: row.failing_since as Date | null,
    previousSecretUntil: row.previous_until as Date | null,
    createdAt: row.created_at as Date,
    updatedAt: row.updated_at as Date,
  };
}

export function secretsOf(row: Row, now: Date): SealedSecrets {
  const until = row.previous_until as Date | null;
  return {
    current: { keyId: row.secret_key_id as string, ciphertext: row.secret_ciphertext as Buffer },
    previous:
      until !== null && until > now
        ? {
            keyId: row.previous_key_id as string,
            ciphertext: row.previous_ciphertext as Buffer,
          }
        : null,
  };
}
