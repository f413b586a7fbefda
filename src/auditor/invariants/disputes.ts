import { HORIZON, type Rule } from './rule.js';

/** I3: what buyers' banks took back. */
export const DISPUTES: readonly Rule[] = [
  {
    invariant: 'I3',
    rule: 'a dispute at the provider is one of ours, of the same amount and as far along',
    violations: `
      SELECT format('provider dispute %s of %s %s (%s) on charge %s: ours is %s of %s', d.id,
        d.amount, d.currency, d.status, d.charge, coalesce(h.state, 'missing'), h.cents) AS found
      FROM provider_disputes d
      LEFT JOIN provider_charges c ON c.id = d.charge
      LEFT JOIN payment_transactions p
        ON (p.tenant_id::text, p.id::text) = (c.tenant_id, c.payment_id)
      LEFT JOIN dispute_history h
        ON (h.tenant_id, h.payment_id, h.reference) = (p.tenant_id, p.id, d.id)
      -- An inquiry takes no money. A second dispute waits for the first.
      WHERE d.status IN ('needs_response', 'under_review', 'won', 'lost')
        AND d.created <= ${HORIZON} AND coalesce(p.updated_at <= ${HORIZON}, true)
        AND (h.cents = d.amount AND upper(d.currency) = p.currency
          AND h.state = CASE WHEN d.status IN ('won', 'lost') THEN d.status ELSE 'opened' END)
          IS NOT TRUE
        AND NOT (h.state IS NULL AND EXISTS (SELECT FROM dispute_history first
          WHERE (first.tenant_id, first.payment_id, first.state) = (p.tenant_id, p.id, 'opened')))`,
  },
  {
    invariant: 'I3',
    rule: 'what we say is disputed is at the provider',
    violations: `
      SELECT format('dispute %s of payment %s is %s with %s cents, the provider has no %s',
        h.dispute_id, h.payment_id, h.state, h.cents, h.reference) AS found
      FROM dispute_history h LEFT JOIN provider_disputes d ON d.id = h.reference
      JOIN payment_transactions p ON (p.tenant_id, p.id) = (h.tenant_id, h.payment_id)
      WHERE d.id IS NULL AND p.updated_at <= ${HORIZON}`,
  },
  {
    invariant: 'I3',
    rule: 'a dispute covers no more than was disputed',
    violations: `
      SELECT format('dispute %s of %s: parts of %s', h.dispute_id, h.cents, sum(b.cents)) AS found
      FROM dispute_history h
      JOIN parts b ON (b.tenant_id, b.id) = (h.tenant_id, h.dispute_id)
      GROUP BY h.tenant_id, h.dispute_id, h.cents HAVING sum(b.cents) > h.cents`,
  },
  {
    invariant: 'I3',
    rule: 'a dispute’s row says what the provider says',
    violations: `
      SELECT format('dispute %s (%s): %s of %s here, %s of %s there', r.id, r.reference, r.status,
        r.amount_cents, coalesce(d.status, 'missing'), d.amount) AS found
      FROM payment_disputes r LEFT JOIN provider_disputes d ON d.id = r.reference
      WHERE r.updated_at <= ${HORIZON} AND d.status IS DISTINCT FROM 'prevented'
        AND (r.status, r.amount_cents, r.currency)
          IS DISTINCT FROM (d.status, d.amount, upper(d.currency)::char(3))`,
  },
];
