import { ENDED, type Rule, SETTLED } from './rule.js';

/** How long what a payment counted is certain to be kept. */
const COUNTED = `now() - interval '2 years'`;

/** What a counter of that age sums up: it is as old as the first of its reservations. */
const SUMS = `sums AS (
  SELECT tenant_id, event_id, kind, subject,
    coalesce(sum(counted) FILTER (WHERE stage = 'reserved'), 0) AS reserved,
    coalesce(sum(counted) FILTER (WHERE stage = 'confirmed'), 0) AS confirmed
  FROM purchase_limit_reservations CROSS JOIN LATERAL unnest(kinds, subjects) AS s (kind, subject)
  WHERE created_at > ${COUNTED} GROUP BY 1, 2, 3, 4
), counters AS (
  SELECT *, created_at > ${COUNTED} AS whole FROM purchase_limit_counters
)`;

/** I12: nobody has more tickets of an event than the limits allow. */
export const LIMITS: readonly Rule[] = [
  {
    invariant: 'I12',
    rule: 'no user, card or address has more of an event than its limit',
    violations: `
      SELECT format('%s %s of event %s: %s reserved and %s bought of %s', kind, subject, event_id,
        reserved, confirmed, allowed) AS found
      FROM purchase_limit_counters WHERE reserved + confirmed > allowed`,
  },
  {
    invariant: 'I12',
    rule: 'what is counted is what its reservations sum to',
    also: SUMS,
    violations: `
      SELECT format('%s %s of event %s: %s reserved and %s bought, its reservations sum to %s and %s',
        kind, subject, event_id, c.reserved, c.confirmed, s.reserved, s.confirmed) AS found
      FROM counters c FULL JOIN sums s USING (tenant_id, event_id, kind, subject)
      WHERE whole IS NOT FALSE AND (coalesce(c.reserved, 0), coalesce(c.confirmed, 0))
        <> (coalesce(s.reserved, 0), coalesce(s.confirmed, 0))`,
  },
  {
    invariant: 'I12',
    rule: 'a payment counts while it may be paid, and as bought when it is',
    violations: `
      SELECT format('payment %s is %s, its %s tickets are %s', p.id, p.status, r.counted, r.stage)
        AS found
      FROM purchase_limit_reservations r
      JOIN payment_transactions p ON (p.tenant_id, p.id) = (r.tenant_id, r.payment_id)
      WHERE CASE WHEN p.status IN ${ENDED} THEN r.stage <> 'released'
        WHEN p.status IN ${SETTLED} THEN r.stage = 'reserved' ELSE r.stage <> 'reserved' END`,
  },
  {
    invariant: 'I12',
    rule: 'every ticket that somebody has counts',
    // Payments from before the first reservation are older than the limits are.
    violations: `
      SELECT format('payment %s: %s tickets, %s counted', t.payment_id, t.held,
        coalesce(r.counted, 0)) AS found
      FROM (
        SELECT tenant_id, payment_id, count(*) AS held FROM tickets
        WHERE status IN ('held', 'sold', 'refunding') GROUP BY 1, 2
      ) t JOIN payment_transactions p ON (p.tenant_id, p.id) = (t.tenant_id, t.payment_id)
      LEFT JOIN purchase_limit_reservations r
        ON (r.tenant_id, r.payment_id) = (t.tenant_id, t.payment_id)
      WHERE t.held > coalesce(r.counted, 0) AND (r.payment_id IS NOT NULL
        OR p.created_at > ${COUNTED}
          AND p.created_at > (SELECT min(created_at) FROM purchase_limit_reservations))`,
  },
];
