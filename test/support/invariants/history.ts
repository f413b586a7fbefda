import { ENDED, OPEN, type Rule, SETTLED } from './rule.js';

const FINAL = `(p.status IN ${SETTLED} OR p.status IN ${ENDED} OR p.status = 'AUTHORIZED')`;

/** Histories, keys and their answers, and that everything comes to an end. */
export const HISTORY: readonly Rule[] = [
  {
    invariant: 'I14 no payment stays open',
    violations: `
      SELECT format('payment %s has been %s since %s', id, status, updated_at) AS found
      FROM payment_transactions
      WHERE status IN ${OPEN} AND created_at <= now() - audit_grace()`,
  },
  {
    invariant: 'I14 an open operation is due again, one that has ended is not',
    violations: `
      SELECT format('operation %s of a payment %s is due %s', i.id, p.status, i.next_attempt_at)
        AS found
      FROM payment_intents i
      JOIN payment_transactions p ON (p.tenant_id, p.id) = (i.tenant_id, i.payment_id)
      WHERE (i.next_attempt_at IS NOT NULL)
          IS DISTINCT FROM (p.status IN ${OPEN} OR p.status = 'REQUIRES_ACTION')
        OR i.status <> p.status`,
  },
  {
    invariant: 'I15 a final payment has its answer stored, an open one has none',
    violations: `
      SELECT format('payment %s is %s, key %s holds %s', p.id, p.status, k.idempotency_key,
        coalesce(k.status_code::text, 'no answer')) AS found
      FROM payment_transactions p
      LEFT JOIN payment_idempotency k ON (k.tenant_id, k.user_id, k.operation, k.idempotency_key)
        = (p.tenant_id, p.user_id, p.operation, p.idempotency_key)
      WHERE k.resource_id IS DISTINCT FROM p.id
        OR ${FINAL} <> (k.status_code IS NOT NULL)
        OR (k.status_code = 402) <> (p.status = 'PAYMENT_FAILED')`,
  },
  {
    invariant: 'I15 a stored answer tells of the key’s own payment',
    violations: `
      SELECT format('key %s answers %s with payment %s', idempotency_key, status_code, told) AS found
      FROM payment_idempotency
      CROSS JOIN LATERAL (SELECT coalesce(response::jsonb#>>'{transaction,id}',
        response::jsonb#>>'{payment,id}') AS told) a
      WHERE response IS NOT NULL
        AND (told IS DISTINCT FROM resource_id::text OR status_code NOT IN (200, 402))`,
  },
  {
    invariant: 'I15 a key has one effect',
    violations: `
      SELECT format('key %s: %s payments', idempotency_key, count(*)) AS found
      FROM payment_transactions
      GROUP BY tenant_id, user_id, operation, idempotency_key HAVING count(*) > 1`,
  },
  {
    invariant: 'I17 events are numbered without a gap, and the projection is at the last',
    violations: `
      SELECT format('payment %s: %s events up to %s, version %s', e.payment_id, count(*),
        max(e.sequence_number), p.version) AS found
      FROM payment_event_sequence e
      LEFT JOIN payment_transactions p ON (p.tenant_id, p.id) = (e.tenant_id, e.payment_id)
      WHERE e.stream_type = 'payment'
      GROUP BY e.payment_id, p.version
      HAVING count(*) <> max(e.sequence_number) OR p.version IS DISTINCT FROM count(*)`,
  },
  {
    invariant: 'I17 a history is a path of the declared state machine that ends in the state shown',
    violations: `
      WITH RECURSIVE path AS (
        SELECT tenant_id, payment_id, 0::bigint AS reached, 'NONE' AS state
        FROM payment_event_sequence WHERE sequence_number = 1 AND stream_type = 'payment'
        UNION
        SELECT e.tenant_id, e.payment_id, e.sequence_number, m.to_state
        FROM path JOIN payment_event_sequence e ON (e.tenant_id, e.payment_id, e.sequence_number)
          = (path.tenant_id, path.payment_id, path.reached + 1)
        JOIN payment_state_machine m
          ON m.from_state = path.state AND m.event_type = e.event_type AND m.is_valid
      )
      SELECT format('payment %s, version %s, is %s', p.id, p.version, p.status) AS found
      FROM payment_transactions p
      WHERE NOT EXISTS (SELECT FROM path
        WHERE (path.tenant_id, path.payment_id, path.reached, path.state)
          = (p.tenant_id, p.id, p.version, p.status))`,
  },
];
