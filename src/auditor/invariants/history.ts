import { type Rule, SETTLED } from './rule.js';

/** Every state that the declared transitions can have led to, step by step. */
const PATH = `path AS (
  SELECT tenant_id, payment_id, 0::bigint AS reached, 'NONE' AS state
  FROM payment_event_sequence WHERE sequence_number = 1 AND stream_type = 'payment'
  UNION
  SELECT e.tenant_id, e.payment_id, e.sequence_number, m.to_state
  FROM path JOIN payment_event_sequence e ON (e.tenant_id, e.payment_id, e.sequence_number)
    = (path.tenant_id, path.payment_id, path.reached + 1)
  JOIN payment_state_machine m
    ON m.from_state = path.state AND m.event_type = e.event_type AND m.is_valid
)`;

/** What a policy could still give back: late money whole, a sale's lines as captured. */
const REFUNDABLE = `refundable AS (
  SELECT l.tenant_id, l.payment_id, sum(coalesce(c.cents, l.cents) - coalesce(b.back, 0)) AS cents
  FROM price_lines l
  LEFT JOIN captured_lines c USING (tenant_id, payment_id, line)
  LEFT JOIN (SELECT tenant_id, payment_id, line, sum(cents) AS back FROM parts
    WHERE state NOT IN ('failed', 'reversed', 'won') GROUP BY 1, 2, 3) b
    USING (tenant_id, payment_id, line)
  WHERE l.bearer = 'buyer' AND l.returned GROUP BY 1, 2
)`;

/** Tickets that a refund has ended or is ending. */
const RETURNED = `returned AS (
  SELECT DISTINCT tenant_id, payment_id
  FROM refund_history, jsonb_array_elements_text(terms->'ticketIds') ticket
  WHERE state IN ('initiated', 'completed')
)`;

/** I17: what is shown is what has happened. */
export const HISTORY: readonly Rule[] = [
  {
    invariant: 'I17',
    rule: 'events are numbered without a gap, and the projection is at the last',
    violations: `
      SELECT format('%s %s: %s events up to %s, version %s', e.stream_type, e.payment_id, e.events,
        e.last, coalesce(p.version, d.version)) AS found
      FROM (SELECT tenant_id, payment_id, stream_type, count(*) AS events,
          max(sequence_number) AS last FROM payment_event_sequence GROUP BY 1, 2, 3) e
      LEFT JOIN payment_transactions p ON (p.tenant_id, p.id) = (e.tenant_id, e.payment_id)
      LEFT JOIN payment_disputes d ON (d.tenant_id, d.id) = (e.tenant_id, e.payment_id)
      WHERE e.events <> e.last OR CASE e.stream_type
        WHEN 'payment' THEN p.version IS DISTINCT FROM e.events
        WHEN 'dispute' THEN d.version IS DISTINCT FROM e.events END`,
  },
  {
    invariant: 'I17',
    rule: 'a history is a path of the declared state machine that ends in the state shown',
    also: PATH,
    violations: `
      SELECT format('payment %s, version %s, is %s after %s', p.id, p.version, p.status,
        p.last_event_type) AS found
      FROM payment_transactions p
      WHERE NOT EXISTS (SELECT FROM path
        WHERE (path.tenant_id, path.payment_id, path.reached, path.state)
          = (p.tenant_id, p.id, p.version, p.status))`,
  },
  {
    invariant: 'I17',
    rule: 'a refund and a dispute begin once, go on in order and end once',
    violations: `
      SELECT format('refund %s of payment %s: %s', refund_id, payment_id, steps) AS found
      FROM refund_history WHERE steps !~ '^initiated( completed( reversed)?| failed)?$'
      UNION ALL
      SELECT format('dispute %s of payment %s: %s', dispute_id, payment_id, steps)
      FROM dispute_history WHERE steps !~ '^opened( won| lost)?$'`,
  },
  {
    invariant: 'I17',
    rule: 'money that is in stands where its refunds and disputes leave it',
    also: `${REFUNDABLE}, ${RETURNED}`,
    violations: `
      SELECT format('payment %s of %s cents is %s and not %s: %s refunded, %s pending, %s lost', p.id,
        p.captured_cents, p.status, due.status, g.refunded, g.pending, g.lost) AS found
      FROM payment_transactions p
      JOIN courses c ON (c.tenant_id, c.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN given_back g ON (g.tenant_id, g.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN refundable r ON (r.tenant_id, r.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN returned t ON (t.tenant_id, t.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN (SELECT DISTINCT tenant_id, payment_id FROM dispute_history WHERE state = 'opened') d
        ON (d.tenant_id, d.payment_id) = (p.tenant_id, p.id)
      CROSS JOIN LATERAL (SELECT coalesce(g.refunded, 0) + coalesce(g.lost, 0) AS gone) s
      CROSS JOIN LATERAL (SELECT CASE WHEN d.payment_id IS NOT NULL THEN 'DISPUTED'
        WHEN g.pending > 0 OR (c.late AND gone < p.captured_cents) THEN 'REFUNDING'
        WHEN gone = 0 AND t.payment_id IS NULL THEN 'PAID'
        WHEN coalesce(r.cents, 0) = 0 THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END AS status) due
      WHERE p.status IN ${SETTLED} AND p.status <> due.status`,
  },
];
