import { OPEN, type Rule, SETTLED } from './rule.js';

/** Journals, balances, the provider's charges, and what a price is made of. */
export const MONEY: readonly Rule[] = [
  {
    invariant: 'I1 every journal sums to zero',
    violations: `
      SELECT format('journal %s: %s %s', journal_id, sum(amount_cents), currency) AS found
      FROM ledger_entries GROUP BY tenant_id, journal_id, currency HAVING sum(amount_cents) <> 0`,
  },
  {
    invariant: 'I1 a journal has entries, an entry its journal',
    violations: `
      SELECT format('journal %s: %s entries', coalesce(j.id, e.journal_id), count(e.journal_id))
        AS found
      FROM ledger_journals j FULL JOIN ledger_entries e
        ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
      GROUP BY j.id, e.journal_id HAVING j.id IS NULL OR count(e.journal_id) < 2`,
  },
  {
    invariant: 'I2 a charge belongs to one payment of the same amount and currency',
    violations: `
      SELECT format('charge %s of %s %s: payment %s is %s with %s %s', c.id, c.taken, c.currency,
        coalesce(c.payment_id, 'none'), p.status, p.captured_cents, p.currency) AS found
      FROM provider_charges c LEFT JOIN payment_transactions p
        ON (p.tenant_id::text, p.id::text) = (c.tenant_id, c.payment_id)
      WHERE c.captured AND (p.status IN ${SETTLED} AND p.captured_cents = c.taken
          AND p.currency = upper(c.currency) AND p.stripe_payment_intent_id = c.intent
          OR p.status IN ${OPEN} AND p.created_at > now() - audit_grace())
        IS NOT TRUE`,
  },
  {
    invariant: 'I2 what is only authorized is authorized here',
    violations: `
      SELECT format('authorization %s of %s: payment %s is %s', c.id, c.amount,
        coalesce(c.payment_id, 'none'), p.status) AS found
      FROM provider_charges c LEFT JOIN payment_transactions p
        ON (p.tenant_id::text, p.id::text) = (c.tenant_id, c.payment_id)
      WHERE NOT c.captured AND NOT c.cancelled
        AND (p.status IN ('AUTHORIZED', 'IN_REVIEW') AND p.amount_charged_cents = c.amount
          AND p.currency = upper(c.currency)
          OR p.status IN ${OPEN} AND p.created_at > now() - audit_grace()) IS NOT TRUE`,
  },
  {
    invariant: 'I2 a payment is charged at most once',
    violations: `
      SELECT format('payment %s: %s charges', payment_id, count(*)) AS found
      FROM provider_charges WHERE NOT cancelled
      GROUP BY tenant_id, payment_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I2 what is paid was charged',
    violations: `
      SELECT format('payment %s is %s, the provider has taken nothing', p.id, p.status) AS found
      FROM payment_transactions p
      WHERE p.status IN ${SETTLED} AND p.amount_charged_cents > 0 AND NOT EXISTS (
        SELECT FROM provider_charges c
        WHERE (c.tenant_id, c.payment_id) = (p.tenant_id::text, p.id::text) AND c.captured)`,
  },
  {
    invariant: 'I5 a rolled-up balance is the sum of its entries',
    violations: `
      SELECT format('%s: %s by roll-up, %s by entries', account, sum(rolled), sum(true_sum))
        AS found
      FROM (
        SELECT tenant_id, account, balance_cents AS rolled, 0 AS true_sum FROM ledger_balances
        UNION ALL
        SELECT e.tenant_id, e.account,
          CASE WHEN e.epoch = w.epoch AND e.tx_id >= w.tx_id THEN e.amount_cents ELSE 0 END,
          e.amount_cents
        FROM ledger_entries e, ledger_watermark w
      ) parts
      GROUP BY tenant_id, account HAVING sum(rolled) <> sum(true_sum)`,
  },
  {
    invariant: 'I5 a venue has pending what its paid payments owe it, and never less than nothing',
    violations: `
      SELECT format('venue %s: %s owed, %s booked', venue_id, sum(owed), sum(booked)) AS found
      FROM (
        SELECT tenant_id, venue_id::text, venue_payout AS owed, 0 AS booked
        FROM payment_transactions WHERE status = 'PAID'
        UNION ALL
        SELECT tenant_id, split_part(account, ':', 2), 0, -amount_cents
        FROM ledger_entries WHERE account LIKE 'venue:%:pending'
      ) parts
      GROUP BY tenant_id, venue_id HAVING sum(owed) <> sum(booked) OR sum(booked) < 0`,
  },
  {
    invariant: 'I18 tickets, fees and taxes make the total',
    violations: `
      SELECT format('payment %s: total %s, lines %s', payment_id, total, lines) AS found
      FROM (
        SELECT e.payment_id, p.amount_charged_cents AS total, p.tax_amount, t.tax,
          (price->>'total')::bigint AS priced,
          (SELECT sum((ticket->>'priceCents')::bigint)
            FROM jsonb_array_elements(e.payload#>'{sale,tickets}') ticket)
          + CASE price#>>'{payers,platformFee}' WHEN 'buyer' THEN p.platform_fee ELSE 0 END
          + CASE price#>>'{payers,gasFee}' WHEN 'buyer' THEN p.gas_fee_paid ELSE 0 END
          + (price->>'processingFee')::bigint + t.tax AS lines
        FROM payment_event_sequence e
        JOIN payment_transactions p ON (p.tenant_id, p.id) = (e.tenant_id, e.payment_id)
        CROSS JOIN LATERAL (SELECT e.payload#>'{sale,price}' AS price) s
        CROSS JOIN LATERAL (SELECT coalesce(sum((line->>'amountCents')::bigint), 0) AS tax
          FROM jsonb_array_elements(price#>'{tax,lines}') line) t
        WHERE e.event_type = 'payment.initiated'
      ) sums
      WHERE total <> lines OR total <> priced OR tax_amount <> tax`,
  },
  {
    invariant: 'I18 what was captured is what the provider’s account holds, tax as collected',
    violations: `
      SELECT format('payment %s: %s captured, %s booked; tax %s, collected %s', p.id,
        p.captured_cents, b.clearing, p.tax_amount, t.collected) AS found
      FROM payment_transactions p
      CROSS JOIN LATERAL (SELECT coalesce(sum(e.amount_cents), 0) AS clearing
        FROM ledger_journals j JOIN ledger_entries e
          ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
        WHERE (j.tenant_id, j.reference_id) = (p.tenant_id, p.id)
          AND e.account LIKE 'provider:%:clearing') b
      CROSS JOIN LATERAL (SELECT coalesce(sum(total_tax), 0) AS collected
        FROM tax_collections c WHERE (c.tenant_id, c.transaction_id) = (p.tenant_id, p.id)) t
      WHERE b.clearing <> p.captured_cents
        OR t.collected <> CASE WHEN p.status IN ${SETTLED} THEN p.tax_amount ELSE 0 END`,
  },
];
