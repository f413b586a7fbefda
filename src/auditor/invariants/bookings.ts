import { type Rule } from './rule.js';

/** How many journals of each kind a payment's refunds and disputes have to have, and may have. */
const DUE_JOURNALS = `due_journals AS (
  SELECT tenant_id, payment_id, kind, count(*) FILTER (WHERE due) AS due, count(*) AS most FROM (
    SELECT h.tenant_id, h.payment_id, j.kind, true AS due FROM refund_history h
    CROSS JOIN LATERAL (SELECT origin <> 'late' AND terms->'parts' <> '{}' AS asked) a
    CROSS JOIN LATERAL (VALUES
      ('refund_requested', asked),
      ('refund_requested_undone', asked AND state IN ('failed', 'reversed')),
      ('refund_paid', cents > 0 AND steps ~ 'completed'),
      ('refund_paid_undone', cents > 0 AND state = 'reversed')
    ) AS j (kind, due) WHERE j.due
    UNION ALL
    SELECT h.tenant_id, h.payment_id, j.kind, j.due FROM dispute_history h
    CROSS JOIN LATERAL (VALUES
      ('dispute_opened', true, true),
      ('dispute_fee', fee > 0, fee_told > 0),
      ('dispute_won', state = 'won', state = 'won'),
      ('dispute_lost', state = 'lost', state = 'lost')
    ) AS j (kind, due, may) WHERE j.may
    UNION ALL
    SELECT tenant_id, payment_id, 'dispute_loss_added', true FROM losses
    GROUP BY tenant_id, payment_id, dispute_id, refund_id
  ) each_one GROUP BY 1, 2, 3
)`;

/** What each side account holds of a payment: asked-for refunds, disputes, the venue's reserve. */
const ON_HOLD = `on_hold AS (
  SELECT tenant_id, payment_id, account, sum(due) AS due, sum(booked) AS booked FROM (
    SELECT tenant_id, payment_id, 'refunds:pending' AS account, cents AS due, 0 AS booked
    FROM refund_history WHERE state = 'initiated' AND origin <> 'late'
    UNION ALL
    SELECT p.tenant_id, p.id, 'refunds:pending', p.captured_cents, 0
    FROM payment_transactions p JOIN courses c
      ON (c.tenant_id, c.payment_id) = (p.tenant_id, p.id) WHERE c.late
    UNION ALL
    SELECT tenant_id, payment_id, 'refunds:pending', -cents, 0
    FROM refund_history WHERE state = 'completed' AND origin = 'late'
    UNION ALL
    SELECT tenant_id, payment_id, 'refunds:pending', -cents, 0
    FROM parts WHERE kind = 'dispute' AND state = 'lost' AND origin = 'late'
    UNION ALL
    SELECT tenant_id, payment_id, 'disputes:held', -cents, 0
    FROM dispute_history WHERE state = 'opened'
    UNION ALL
    SELECT tenant_id, payment_id, 'venue reserved for disputes', cents, 0
    FROM parts WHERE kind = 'dispute' AND state = 'opened' AND line = 'tickets'
      AND origin IS NULL AND bearer = 'venue'
    UNION ALL
    SELECT tenant_id, payment_id, CASE WHEN account LIKE 'venue:%:reserved'
      THEN 'venue reserved for disputes' ELSE account END, 0, -amount_cents
    FROM moved WHERE account IN ('refunds:pending', 'disputes:held')
      OR (account LIKE 'venue:%:reserved' AND kind LIKE 'dispute%')
  ) parts GROUP BY 1, 2, 3
)`;

/** Kinds of journals that move the provider's account for a sale and what becomes of it. */
const OF_THE_SALE = `('purchase', 'late_charge', 'refund_paid', 'refund_paid_undone',
  'dispute_opened', 'dispute_won', 'dispute_lost')`;

/** I18: refunds and disputes are booked as they went. */
export const BOOKINGS: readonly Rule[] = [
  {
    invariant: 'I18',
    rule: 'the provider’s account holds of a payment what was captured and did not go back',
    violations: `
      SELECT format('payment %s: %s captured, %s refunded, %s disputed or lost, %s booked', p.id,
        p.captured_cents, coalesce(r.cents, 0), coalesce(d.cents, 0), coalesce(m.cents, 0)) AS found
      FROM payment_transactions p
      LEFT JOIN (SELECT tenant_id, payment_id, sum(cents) AS cents FROM refund_history
        WHERE state = 'completed' GROUP BY 1, 2) r
        ON (r.tenant_id, r.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN (SELECT tenant_id, payment_id, sum(cents) AS cents FROM dispute_history
        WHERE state <> 'won' GROUP BY 1, 2) d ON (d.tenant_id, d.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN (SELECT tenant_id, payment_id, sum(amount_cents) AS cents FROM moved
        WHERE account LIKE 'provider:%:clearing' AND kind IN ${OF_THE_SALE} GROUP BY 1, 2) m
        ON (m.tenant_id, m.payment_id) = (p.tenant_id, p.id)
      WHERE p.captured_cents - coalesce(r.cents, 0) - coalesce(d.cents, 0) <> coalesce(m.cents, 0)`,
  },
  {
    invariant: 'I18',
    rule: 'a dispute’s fee is booked as the provider took it',
    violations: `
      SELECT format('payment %s: fees of %s, later %s, %s booked', payment_id, sum(fee), sum(told),
        sum(booked)) AS found
      FROM (
        SELECT tenant_id, payment_id, fee, CASE fee WHEN 0 THEN fee_told ELSE fee END AS told,
          0 AS booked FROM dispute_history
        UNION ALL
        SELECT tenant_id, payment_id, 0, 0, -amount_cents FROM moved
        WHERE kind = 'dispute_fee' AND account LIKE 'provider:%:clearing'
      ) fees GROUP BY tenant_id, payment_id HAVING sum(booked) NOT IN (sum(fee), sum(told))`,
  },
  {
    invariant: 'I18',
    rule: 'what is pending, disputed or reserved is set aside, and nothing else',
    also: ON_HOLD,
    violations: `
      SELECT format('payment %s, %s: %s due, %s booked', payment_id, account, due, booked) AS found
      FROM on_hold WHERE due <> booked`,
  },
  {
    invariant: 'I18',
    rule: 'a refund and a dispute have their journals, undone when they came to nothing',
    also: DUE_JOURNALS,
    violations: `
      SELECT format('payment %s: %s %s journals, %s to %s due',
        coalesce(d.payment_id, j.payment_id), coalesce(j.booked, 0), coalesce(d.kind, j.kind),
        coalesce(d.due, 0), coalesce(d.most, 0)) AS found
      FROM due_journals d FULL JOIN (
        SELECT tenant_id, reference_id AS payment_id, kind, count(*) AS booked FROM ledger_journals
        WHERE kind IN ('refund_requested', 'refund_requested_undone', 'refund_paid',
          'refund_paid_undone', 'dispute_opened', 'dispute_fee', 'dispute_won', 'dispute_lost',
          'dispute_loss_added')
        GROUP BY 1, 2, 3
      ) j USING (tenant_id, payment_id, kind)
      WHERE coalesce(j.booked, 0) NOT BETWEEN coalesce(d.due, 0) AND coalesce(d.most, 0)`,
  },
  {
    invariant: 'I18',
    rule: 'what is undone is undone entry by entry',
    also: `shapes AS (
      SELECT tenant_id, payment_id, kind, journal_id,
        array_agg(format('%s %s %s', account, code, amount_cents) ORDER BY line) AS shape,
        array_agg(format('%s %s %s', account, code, -amount_cents) ORDER BY line) AS opposite
      FROM moved GROUP BY 1, 2, 3, 4
    )`,
    violations: `
      SELECT format('journal %s (%s) of payment %s undoes nothing', u.journal_id, u.kind,
        u.payment_id) AS found
      FROM shapes u LEFT JOIN shapes j ON (j.tenant_id, j.payment_id, j.kind)
          = (u.tenant_id, u.payment_id, CASE u.kind WHEN 'dispute_won' THEN 'dispute_opened'
            ELSE replace(u.kind, '_undone', '') END) AND j.shape = u.opposite
      WHERE (u.kind LIKE '%\\_undone' OR u.kind = 'dispute_won') AND j.journal_id IS NULL`,
  },
  {
    invariant: 'I18',
    rule: 'a refund and a lost dispute take of each line what was decided',
    violations: `
      SELECT format('payment %s, %s: %s decided, %s booked', payment_id, line, sum(decided),
        sum(booked)) AS found
      FROM (
        SELECT tenant_id, payment_id, format('%s_%s', kind,
            CASE WHEN bearer = 'platform' AND line = 'tickets' THEN 'borne' ELSE line END) AS line,
          cents AS decided, 0 AS booked
        FROM parts WHERE (kind = 'refund' AND origin <> 'late')
          OR (kind = 'dispute' AND state = 'lost' AND origin IS NULL
            AND (line <> 'tickets' OR added OR bearer = 'platform'))
        UNION ALL
        -- What the venue bore goes back to it, out of what it gives back of the tickets.
        SELECT tenant_id, payment_id, 'refund_tickets', -p.cents, 0
        FROM parts p JOIN price_lines l USING (tenant_id, payment_id, line)
        WHERE p.kind = 'refund' AND p.origin <> 'late' AND l.bearer = 'venue'
        UNION ALL
        SELECT tenant_id, payment_id, code, 0, amount_cents FROM moved
        WHERE (kind = 'refund_requested' AND code LIKE 'refund\\_%' AND code NOT LIKE '%\\_borne')
          OR (kind IN ('dispute_lost', 'dispute_loss_added') AND code LIKE 'dispute\\_%'
            AND code NOT IN ('dispute_hold', 'dispute_uncovered', 'dispute_late_charge'))
      ) lines GROUP BY tenant_id, payment_id, line HAVING sum(decided) <> sum(booked)`,
  },
];
