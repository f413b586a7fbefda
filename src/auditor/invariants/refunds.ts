import { HORIZON, type Rule } from './rule.js';

/** Which of our rows a refund at the provider is: by our id in its metadata, or by its own. */
const MATCHED = `matched AS (
  SELECT r.*, coalesce(named.tenant_id, known.tenant_id) AS tenant_id,
    coalesce(named.id, known.id) AS row_id
  FROM provider_refunds r
  LEFT JOIN payment_refunds named ON named.id::text = r.refund_id
  LEFT JOIN payment_refunds known ON known.stripe_refund_id = r.id
)`;

/** I3: never more back than came in; the provider's refunds, our rows and our history agree. */
export const REFUNDS: readonly Rule[] = [
  {
    invariant: 'I3',
    rule: 'what is refunded, on its way back, disputed or lost is within what was captured',
    violations: `
      SELECT format('payment %s: %s captured, %s given back by its %s', p.id, p.captured_cents,
        g.back, g.source) AS found
      FROM payment_transactions p JOIN (
        SELECT tenant_id, payment_id, refunded + pending + disputed + lost AS back,
          'history' AS source FROM given_back
        UNION ALL
        SELECT tenant_id, transaction_id, sum(amount), 'refund rows' FROM payment_refunds
        WHERE status <> 'failed' GROUP BY 1, 2
        UNION ALL
        SELECT tenant_id, id, refunded_cents + refund_pending_cents + disputed_cents + lost_cents,
          'projection' FROM payment_transactions
      ) g ON (g.tenant_id, g.payment_id) = (p.tenant_id, p.id)
      WHERE g.back > p.captured_cents`,
  },
  {
    invariant: 'I3',
    rule: 'a payment shows what its refunds and disputes sum to',
    violations: `
      SELECT format('payment %s shows %s refunded, %s pending, %s disputed, %s lost; its history %s, %s, %s, %s',
        p.id, p.refunded_cents, p.refund_pending_cents, p.disputed_cents, p.lost_cents,
        coalesce(g.refunded, 0), coalesce(g.pending, 0), coalesce(g.disputed, 0),
        coalesce(g.lost, 0)) AS found
      FROM payment_transactions p
      LEFT JOIN given_back g ON (g.tenant_id, g.payment_id) = (p.tenant_id, p.id)
      WHERE (p.refunded_cents, p.refund_pending_cents, p.disputed_cents, p.lost_cents)
        IS DISTINCT FROM (coalesce(g.refunded, 0), coalesce(g.pending, 0),
          coalesce(g.disputed, 0), coalesce(g.lost, 0))`,
  },
  {
    invariant: 'I3',
    rule: 'a refund has one row, which says what its history says',
    violations: `
      SELECT format('refund %s of payment %s: row %s of %s %s (%s), history %s of %s (%s)',
        coalesce(r.id, h.refund_id), coalesce(r.transaction_id, h.payment_id),
        coalesce(r.status, 'missing'), r.amount, r.currency, r.origin,
        coalesce(h.state, 'missing'), h.cents, h.origin) AS found
      FROM payment_refunds r FULL JOIN refund_history h
        ON (h.tenant_id, h.refund_id) = (r.tenant_id, r.id)
      LEFT JOIN payment_transactions p
        ON (p.tenant_id, p.id) = (h.tenant_id, h.payment_id)
      WHERE (r.transaction_id, r.amount, r.origin, r.currency)
          IS DISTINCT FROM (h.payment_id, h.cents, h.origin, p.currency)
        OR CASE h.state WHEN 'initiated' THEN r.status IN ('pending', 'processing')
          WHEN 'completed' THEN r.status = 'completed'
            AND r.stripe_refund_id IS NOT DISTINCT FROM h.reference
          ELSE r.status = 'failed' END IS NOT TRUE`,
  },
  {
    invariant: 'I3',
    rule: 'a refund at the provider is one of ours, of the same amount and as far along',
    also: MATCHED,
    violations: `
      SELECT format('provider refund %s of %s %s (%s): refund %s is %s of %s %s', m.id, m.amount,
        m.currency, m.status, coalesce(r.id::text, 'none'), r.status, r.amount, r.currency) AS found
      FROM matched m LEFT JOIN payment_refunds r ON (r.tenant_id, r.id) = (m.tenant_id, m.row_id)
      WHERE m.created <= ${HORIZON} AND coalesce(r.updated_at <= ${HORIZON}, true)
        -- One that was made there and came to nothing before anybody had heard of it.
        AND NOT (m.refund_id IS NULL AND r.id IS NULL AND m.status IN ('failed', 'canceled'))
        AND (r.amount = m.amount AND r.currency = upper(m.currency) AND CASE
          WHEN m.status = 'succeeded' THEN r.status = 'completed'
          WHEN m.status IN ('failed', 'canceled') THEN r.status = 'failed'
          ELSE r.status IN ('pending', 'processing') END) IS NOT TRUE`,
  },
  {
    invariant: 'I3',
    rule: 'the provider pays a refund once',
    also: MATCHED,
    violations: `
      SELECT format('refund %s: %s refunds at the provider, of %s together', row_id, count(*),
        sum(amount)) AS found
      FROM matched WHERE row_id IS NOT NULL AND status NOT IN ('failed', 'canceled')
      GROUP BY tenant_id, row_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I3',
    rule: 'what we say is refunded is at the provider',
    violations: `
      SELECT format('refund %s of payment %s is %s of %s %s, the provider has no %s', r.id,
        r.transaction_id, r.status, r.amount, r.currency,
        coalesce(r.stripe_refund_id, 'reference')) AS found
      FROM payment_refunds r LEFT JOIN provider_refunds m ON m.id = r.stripe_refund_id
      WHERE r.status IN ('completed', 'processing') AND r.amount > 0 AND m.id IS NULL
        AND r.updated_at <= ${HORIZON}`,
  },
  {
    invariant: 'I3',
    rule: 'no line of a sale gives back more than it took',
    violations: `
      SELECT format('payment %s: %s of %s, %s given back', b.payment_id, b.line,
        coalesce(c.cents, 0), b.back) AS found
      FROM (SELECT b.tenant_id, b.payment_id, b.line, sum(b.cents) AS back FROM parts b
        JOIN sold p ON (p.tenant_id, p.id) = (b.tenant_id, b.payment_id)
        WHERE b.state NOT IN ('failed', 'reversed', 'won') GROUP BY 1, 2, 3) b
      LEFT JOIN captured_lines c USING (tenant_id, payment_id, line)
      WHERE b.back > coalesce(c.cents, 0)`,
  },
  {
    invariant: 'I3',
    rule: 'a refund is the sum of the buyer’s parts',
    violations: `
      SELECT format('refund %s of %s: parts of %s', h.refund_id, h.cents, coalesce(b.buyers, 0))
        AS found
      FROM refund_history h LEFT JOIN (
        SELECT b.tenant_id, b.id, sum(b.cents) FILTER (WHERE l.bearer = 'buyer') AS buyers
        FROM parts b JOIN price_lines l USING (tenant_id, payment_id, line) GROUP BY 1, 2
      ) b ON (b.tenant_id, b.id) = (h.tenant_id, h.refund_id)
      WHERE h.cents <> coalesce(b.buyers, 0)`,
  },
];
