import type { Rule } from './rule.js';

const TEXTS = `texts AS (
  SELECT 'event' AS what, id::text AS id, payload::text AS content FROM payment_event_sequence
  UNION ALL SELECT 'outbox event', event_id::text, payload::text FROM outbox
  UNION ALL SELECT 'dead letter', event_id::text, payload::text FROM outbox_dlq
  UNION ALL SELECT 'answer', idempotency_key::text, response FROM payment_idempotency
  UNION ALL SELECT 'audit entry', id::text, concat(before, after) FROM audit_log
  UNION ALL SELECT 'open item', id::text, concat(cause, details) FROM open_items
  UNION ALL SELECT 'refund', id::text, concat(reason, failure_reason, metadata)
    FROM payment_refunds
)`;

/**
 * Card numbers have 15 or 16 digits and a check digit (ISO/IEC 7812, Luhn). What goes on with a dash
 * is the beginning of an id that happens to have decimal digits only.
 */
const CARD_NUMBERS = `card_numbers AS (
  SELECT t.what, t.id FROM texts t
  CROSS JOIN LATERAL regexp_matches(t.content, '(?<![\\w-])[3-6](?:[ -]?\\d){14,15}(?![\\w-])', 'g') found
  CROSS JOIN LATERAL (SELECT reverse(regexp_replace(found[1], '\\D', '', 'g')) AS digits) n
  WHERE (SELECT sum(CASE WHEN i % 2 = 1 THEN d WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END)
    FROM generate_series(1, length(n.digits)) i
    CROSS JOIN LATERAL (SELECT substr(n.digits, i, 1)::integer AS d) digit) % 10 = 0
)`;

/** I16, as far as the database goes: nothing stored for long tells who or with what. */
export const SECRETS: readonly Rule[] = [
  {
    invariant: 'I16',
    rule: 'no stored event, answer or record holds a card number',
    also: `${TEXTS}, ${CARD_NUMBERS}`,
    violations: `SELECT DISTINCT format('%s %s', what, id) AS found FROM card_numbers`,
  },
  {
    invariant: 'I16',
    rule: 'no stored event, answer or record holds a secret, a token or an e-mail address',
    also: TEXTS,
    violations: `
      SELECT format('%s %s: %s', what, id, kind) AS found
      FROM texts CROSS JOIN (VALUES
        ('a provider’s key', '\\m(sk|rk)_(live|test)_\\w{8}'),
        ('a webhook’s secret', '\\mwhsec_\\w{8}'),
        ('a token', '\\meyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.'),
        ('an e-mail address', '[\\w.+-]+@[a-zA-Z\\d-]+\\.[a-zA-Z]{2,}')
      ) AS forbidden (kind, pattern)
      WHERE content ~ pattern`,
  },
];
