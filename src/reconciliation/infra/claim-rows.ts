import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Claim } from '../domain/provider-line.js';

/** The references of those charges whose payments no row of ours knows. For the worker's transactions. */
export function unknownClaims(claims: readonly Claim[]): Statement {
  return sql`
    SELECT c.reference FROM unnest(
      ${claims.map(({ reference }) => reference)}::text[],
      ${claims.map(({ tenantId }) => tenantId)}::uuid[],
      ${claims.map(({ operationId }) => operationId)}::uuid[]
    ) AS c (reference, tenant_id, operation_id)
    WHERE NOT EXISTS (SELECT FROM payment_intents i
      WHERE i.tenant_id = c.tenant_id AND i.id = c.operation_id)`;
}

/** Gives lines that were nobody's to the payments that are known by now. For the worker's transactions. */
export function adoptLines(owner: Uuid, provider: string): Statement {
  return sql`
    UPDATE provider_balance_transactions l
    SET tenant_id = i.tenant_id, payment_id = i.payment_id
    FROM payment_intents i
    WHERE l.tenant_id = ${owner} AND l.provider = ${provider} AND l.payment_id IS NULL
      AND i.provider = l.provider AND i.stripe_intent_id = l.reference`;
}

/** Payments that wait for somebody else's word: their end may move no money, and no line tells of it. */
export function pendingPayments(tenantId: Uuid): Statement {
  return sql`
    SELECT payment_id, stripe_intent_id AS reference FROM payment_intents
    WHERE tenant_id = ${tenantId} AND status IN ('PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION',
      'AUTHORIZED', 'IN_REVIEW', 'DISPUTED')
    ORDER BY payment_id`;
}
