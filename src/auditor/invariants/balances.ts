import type { Rule } from './rule.js';

/** I5: venues' money and the roll-ups. Credits are negative, so that a venue's due is. */
export const BALANCES: readonly Rule[] = [
  {
    invariant: 'I5',
    rule: 'a rolled-up balance is the sum of its entries',
    violations: `
      SELECT format('%s: %s %s by roll-up, %s by entries', account, sum(rolled), currency,
        sum(true_sum)) AS found
      FROM (
        SELECT tenant_id, account, currency, code, balance_cents AS rolled, 0 AS true_sum
        FROM ledger_balances
        UNION ALL
        SELECT e.tenant_id, e.account, e.currency, e.code,
          CASE WHEN e.epoch = w.epoch AND e.tx_id >= w.tx_id THEN e.amount_cents ELSE 0 END,
          e.amount_cents
        FROM ledger_entries e, ledger_watermark w
      ) parts
      GROUP BY tenant_id, account, currency, code HAVING sum(rolled) <> sum(true_sum)`,
  },
  {
    invariant: 'I5',
    rule: 'no account of a venue is on the wrong side',
    violations: `
      SELECT format('%s: %s %s', account, -sum(amount_cents), currency) AS found
      FROM ledger_entries WHERE account LIKE 'venue:%'
      GROUP BY tenant_id, account, currency
      HAVING CASE split_part(account, ':', 3) WHEN 'debt' THEN sum(amount_cents) < 0
        ELSE sum(amount_cents) > 0 END`,
  },
  {
    invariant: 'I5',
    rule: 'a venue’s accounts hold what its sales, refunds and disputes leave it',
    violations: `
      SELECT format('venue %s: %s %s due, %s booked', venue_id, sum(due), currency, sum(booked))
        AS found
      FROM (
        SELECT p.tenant_id, p.venue_id::text, p.currency, 0 AS booked,
          CASE WHEN p.captured_cents = p.amount_charged_cents THEN p.venue_payout
            ELSE coalesce((SELECT -sum(m.amount_cents) FROM moved m
              WHERE (m.tenant_id, m.payment_id, m.kind) = (p.tenant_id, p.id, 'purchase')
                AND m.account LIKE 'venue:%'), 0) END AS due
        FROM sold p
        UNION ALL
        SELECT p.tenant_id, p.venue_id::text, p.currency, 0,
          CASE WHEN b.line = 'tickets' THEN -b.cents
            WHEN l.bearer = 'venue' AND b.kind = 'refund' THEN b.cents ELSE 0 END
        FROM parts b
        JOIN payment_transactions p ON (p.tenant_id, p.id) = (b.tenant_id, b.payment_id)
        JOIN price_lines l ON (l.tenant_id, l.payment_id, l.line)
          = (b.tenant_id, b.payment_id, b.line)
        WHERE b.origin IS DISTINCT FROM 'late' AND b.bearer IS DISTINCT FROM 'platform'
          AND b.state IN ('initiated', 'completed', 'lost')
        UNION ALL
        -- What the provider takes for a charge is known only when it says so.
        SELECT tenant_id, split_part(account, ':', 2), currency, -amount_cents, 0
        FROM moved WHERE account LIKE 'venue:%' AND kind <> 'processing_cost'
      ) parts
      GROUP BY tenant_id, venue_id, currency HAVING sum(due) <> sum(booked)`,
  },
];
