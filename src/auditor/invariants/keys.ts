import { ENDED, type Rule, SETTLED } from './rule.js';

/** For how long a key is certain to be remembered. */
const REMEMBERED = `current_setting('audit.key_lifetime')::interval`;

/** Every request that moves money, with the key it came under and whether it is answered. */
const KEYED = `keyed AS (
  SELECT tenant_id, user_id, operation, idempotency_key AS key, id, 'payment' AS what, status,
    created_at, CASE WHEN status IN ${SETTLED} OR status IN ${ENDED} OR status = 'AUTHORIZED'
      THEN true WHEN status <> 'IN_REVIEW' THEN false END AS final
  FROM payment_transactions
  UNION ALL
  SELECT tenant_id, requested_by, 'refund', idempotency_key, id, 'refund', status, created_at,
    status <> 'pending'
  FROM payment_refunds WHERE idempotency_key IS NOT NULL
  UNION ALL
  SELECT tenant_id, requested_by, kind, idempotency_key, id, kind, status, created_at,
    status <> 'open'
  FROM payment_operations
)`;

/** I15: one key, one effect, one answer. */
export const KEYS: readonly Rule[] = [
  {
    invariant: 'I15',
    rule: 'what is final has its answer stored, what is open has none',
    also: KEYED,
    violations: `
      SELECT format('%s %s is %s, key %s holds %s', r.what, r.id, r.status, r.key,
        CASE WHEN k.resource_id IS DISTINCT FROM r.id THEN 'nothing of it'
          ELSE coalesce(k.status_code::text, 'no answer') END) AS found
      FROM keyed r LEFT JOIN payment_idempotency k
        ON (k.tenant_id, k.user_id, k.operation, k.idempotency_key)
          = (r.tenant_id, r.user_id, r.operation, r.key)
      WHERE CASE WHEN k.resource_id = r.id THEN r.final <> (k.status_code IS NOT NULL)
        ELSE r.final IS NOT TRUE OR r.created_at > now() - ${REMEMBERED} END`,
  },
  {
    invariant: 'I15',
    rule: 'a declined payment answers 402, and no other does',
    violations: `
      SELECT format('payment %s is %s, key %s holds %s', p.id, p.status, p.idempotency_key,
        k.status_code) AS found
      FROM payment_idempotency k JOIN payment_transactions p
        ON (p.tenant_id, p.user_id, p.operation, p.idempotency_key, p.id)
          = (k.tenant_id, k.user_id, k.operation, k.idempotency_key, k.resource_id)
      LEFT JOIN courses c ON (c.tenant_id, c.payment_id) = (p.tenant_id, p.id)
      -- Money that came after all leaves the answer as it was given.
      WHERE (k.status_code = 402) <> (p.status = 'PAYMENT_FAILED')
        AND NOT (k.status_code = 402 AND c.declined AND c.revived)`,
  },
  {
    invariant: 'I15',
    rule: 'a stored answer tells of the key’s own request',
    violations: `
      SELECT format('%s key %s of %s answers %s with %s', k.operation, k.idempotency_key,
        k.resource_id, k.status_code, coalesce(told, 'nothing')) AS found
      FROM payment_idempotency k
      LEFT JOIN payment_operations o ON (o.tenant_id, o.id) = (k.tenant_id, k.resource_id)
      CROSS JOIN LATERAL (SELECT CASE k.operation
          WHEN 'refund' THEN response::jsonb#>>'{refund,id}'
          WHEN 'charge' THEN response::jsonb#>>'{payment,id}'
          ELSE response::jsonb#>>'{transaction,id}' END AS told) a
      WHERE response IS NOT NULL
        AND k.operation IN ('process', 'charge', 'refund', 'capture', 'cancel')
        AND (told IS DISTINCT FROM coalesce(o.payment_id, k.resource_id)::text
          OR status_code <> ALL(CASE WHEN k.operation IN ('process', 'charge')
            THEN ARRAY[200, 402] ELSE ARRAY[200, 409] END))`,
  },
  {
    invariant: 'I15',
    rule: 'a key has one effect',
    also: KEYED,
    violations: `
      SELECT format('%s key %s: %s effects: %s', operation, key, count(*),
        string_agg(id::text, ', ' ORDER BY created_at)) AS found
      FROM keyed GROUP BY tenant_id, user_id, operation, key
      HAVING count(*) > 1 AND max(created_at) < min(created_at) + ${REMEMBERED}`,
  },
];
