import { type Rule } from './rule.js';

/** I18: what a sale is made of, and that it was booked so. */
export const PRICES: readonly Rule[] = [
  {
    invariant: 'I18',
    rule: 'tickets, fees and taxes make the total',
    violations: `
      SELECT format('payment %s: %s charged, %s priced, lines of %s', p.id, p.amount_charged_cents,
        s.total, l.buyers) AS found
      FROM payment_transactions p
      JOIN (SELECT tenant_id, payment_id, (price->>'total')::bigint AS total,
          (SELECT sum((ticket->>'priceCents')::bigint)
            FROM jsonb_array_elements(sale->'tickets') ticket) AS tickets FROM sales) s
        ON (s.tenant_id, s.payment_id) = (p.tenant_id, p.id)
      JOIN (SELECT tenant_id, payment_id, sum(cents) FILTER (WHERE bearer = 'buyer') AS buyers,
          sum(cents) FILTER (WHERE line = 'tickets') AS tickets,
          sum(cents) FILTER (WHERE line = 'platform_fee') AS platform_fee,
          sum(cents) FILTER (WHERE line = 'gas_fee') AS gas_fee,
          sum(cents) FILTER (WHERE line = 'tax') AS tax,
          coalesce(sum(cents) FILTER (WHERE bearer = 'venue'), 0) AS venues
        FROM price_lines GROUP BY 1, 2) l
        ON (l.tenant_id, l.payment_id) = (p.tenant_id, p.id)
      WHERE (p.amount_charged_cents, p.amount_charged_cents, p.subtotal_cents, p.subtotal_cents,
          p.platform_fee, p.gas_fee_paid, p.tax_amount, p.venue_payout)
        IS DISTINCT FROM (s.total, l.buyers, s.tickets, l.tickets,
          l.platform_fee, l.gas_fee, l.tax, l.tickets - l.venues)`,
  },
  {
    invariant: 'I18',
    rule: 'a sale’s journal books each line of its price, a part of it to the cent',
    violations: `
      SELECT format('payment %s: %s of %s captured, %s priced %s, booked %s', p.id, p.captured_cents,
        p.amount_charged_cents, l.line, l.cents, coalesce(c.cents, 0)) AS found
      FROM sold p
      JOIN price_lines l ON (l.tenant_id, l.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN captured_lines c
        ON (c.tenant_id, c.payment_id, c.line) = (p.tenant_id, p.id, l.line)
      WHERE CASE WHEN p.captured_cents = p.amount_charged_cents THEN coalesce(c.cents, 0) <> l.cents
        -- Each tax is rounded by itself.
        ELSE abs(coalesce(c.cents, 0) * p.amount_charged_cents - l.cents * p.captured_cents)
          >= p.amount_charged_cents * CASE l.line WHEN 'tax' THEN 10 ELSE 1 END END`,
  },
  {
    invariant: 'I18',
    rule: 'what is captured is what a sale’s journal took in',
    violations: `
      SELECT format('payment %s: %s captured, %s booked', p.id, p.captured_cents,
        coalesce(m.cents, 0)) AS found
      FROM payment_transactions p
      LEFT JOIN (SELECT tenant_id, payment_id, sum(amount_cents) AS cents FROM moved
        WHERE kind IN ('purchase', 'late_charge') AND account LIKE 'provider:%:clearing'
        GROUP BY 1, 2) m ON (m.tenant_id, m.payment_id) = (p.tenant_id, p.id)
      WHERE p.captured_cents <> coalesce(m.cents, 0)`,
  },
  {
    invariant: 'I18',
    rule: 'a journal is in its payment’s currency',
    violations: `
      SELECT DISTINCT format('journal %s (%s) in %s: payment %s is in %s', m.journal_id, m.kind,
        m.currency, m.payment_id, p.currency) AS found
      FROM moved m JOIN payment_transactions p ON (p.tenant_id, p.id) = (m.tenant_id, m.payment_id)
      WHERE m.currency <> p.currency`,
  },
  {
    invariant: 'I18',
    rule: 'the tax on record is what was collected less what went back',
    violations: `
      SELECT format('payment %s: %s of tax on record, %s kept', p.id, coalesce(t.recorded, 0),
        kept) AS found
      FROM payment_transactions p
      LEFT JOIN (SELECT tenant_id, transaction_id, sum(total_tax) AS recorded
        FROM tax_collections GROUP BY 1, 2) t ON (t.tenant_id, t.transaction_id) = (p.tenant_id, p.id)
      LEFT JOIN captured_lines c
        ON (c.tenant_id, c.payment_id, c.line) = (p.tenant_id, p.id, 'tax')
      LEFT JOIN (SELECT tenant_id, payment_id, sum(cents) AS cents FROM parts
        WHERE line = 'tax' AND state IN ('completed', 'lost') AND origin IS DISTINCT FROM 'late'
        GROUP BY 1, 2) b ON (b.tenant_id, b.payment_id) = (p.tenant_id, p.id)
      CROSS JOIN LATERAL (SELECT coalesce(c.cents, 0) - coalesce(b.cents, 0) AS kept) k
      WHERE coalesce(t.recorded, 0) <> kept`,
  },
];
