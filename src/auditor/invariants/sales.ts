import { ENDED, KEPT, type Rule, SETTLED } from './rule.js';

/** What a ticket is after its refunds: those that ever went through end it. */
const TICKET_REFUNDS = `ticket_refunds AS (
  SELECT tenant_id, payment_id, ticket::uuid AS ticket_id,
    bool_or(state IN ('completed', 'reversed')) AS ended, bool_or(state = 'initiated') AS ending,
    bool_or(state IN ('completed', 'reversed') AND (terms->>'freeSeats')::boolean) AS freed,
    bool_and((terms->>'freeSeats')::boolean) AS all_free
  FROM refund_history, jsonb_array_elements_text(terms->'ticketIds') ticket
  GROUP BY 1, 2, 3
)`;

/** I4: what follows from a payment's state. */
export const SALES: readonly Rule[] = [
  {
    invariant: 'I4',
    rule: 'a sale has one payment.completed and one journal, anything else has none',
    violations: `
      SELECT format('payment %s is %s with %s cents: %s events, %s journals', p.id, p.status,
        p.captured_cents, coalesce(o.events, 0), coalesce(j.journals, 0)) AS found
      FROM payment_transactions p
      LEFT JOIN sold s ON (s.tenant_id, s.id) = (p.tenant_id, p.id)
      LEFT JOIN (SELECT tenant_id, aggregate_id, count(*) AS events FROM outbox
        WHERE event_type = 'payment.completed' GROUP BY 1, 2) o
        ON (o.tenant_id, o.aggregate_id) = (p.tenant_id, p.id)
      LEFT JOIN (SELECT tenant_id, reference_id, count(*) AS journals FROM ledger_journals
        WHERE kind = 'purchase' GROUP BY 1, 2) j
        ON (j.tenant_id, j.reference_id) = (p.tenant_id, p.id)
      WHERE CASE WHEN s.id IS NULL THEN coalesce(o.events, 0) + coalesce(j.journals, 0) <> 0
        ELSE coalesce(o.events, 0) > 1 OR coalesce(j.journals, 0) > 1
          OR o.events IS NULL AND coalesce(s.sold_at > now() - ${KEPT}, true)
          OR j.journals IS NULL AND p.captured_cents > 0 END`,
  },
  {
    invariant: 'I4',
    rule: 'late money has one journal of its own',
    violations: `
      SELECT format('payment %s: %s late charges, %s cents captured', c.payment_id,
        count(j.id), p.captured_cents) AS found
      FROM courses c
      JOIN payment_transactions p ON (p.tenant_id, p.id) = (c.tenant_id, c.payment_id)
      LEFT JOIN ledger_journals j ON (j.tenant_id, j.reference_id) = (c.tenant_id, c.payment_id)
        AND j.kind = 'late_charge'
      GROUP BY c.tenant_id, c.payment_id, c.late, p.captured_cents
      HAVING count(j.id) <> CASE WHEN c.late THEN 1 ELSE 0 END`,
  },
  {
    invariant: 'I4',
    rule: 'tickets are held, sold, refunded or released as their payment and its refunds say',
    also: TICKET_REFUNDS,
    violations: `
      SELECT format('payment %s is %s, ticket %s is %s and not %s', p.id, p.status, t.id, t.status,
        due.status) AS found
      FROM payment_transactions p
      JOIN tickets t ON (t.tenant_id, t.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN courses c ON (c.tenant_id, c.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN ticket_refunds r
        ON (r.tenant_id, r.payment_id, r.ticket_id) = (t.tenant_id, t.payment_id, t.id)
      CROSS JOIN LATERAL (SELECT CASE WHEN p.status IN ${ENDED} OR c.late THEN 'released'
        WHEN p.status NOT IN ${SETTLED} THEN 'held' WHEN r.ended THEN 'refunded'
        WHEN r.ending THEN 'refunding' ELSE 'sold' END AS status) due
      WHERE t.status <> due.status`,
  },
  {
    invariant: 'I4',
    rule: 'a refund frees a place, or does not, by its policy',
    also: TICKET_REFUNDS,
    violations: `
      SELECT format('ticket %s of payment %s is %s, its place %s', t.id, t.payment_id, t.status,
        CASE WHEN t.place_freed THEN 'freed' ELSE 'kept' END) AS found
      FROM tickets t LEFT JOIN ticket_refunds r
        ON (r.tenant_id, r.payment_id, r.ticket_id) = (t.tenant_id, t.payment_id, t.id)
      WHERE (t.place_freed AND (t.status = 'refunded' AND r.freed) IS NOT TRUE)
        OR (t.status = 'refunded' AND NOT t.place_freed AND r.all_free)`,
  },
  {
    invariant: 'I4',
    rule: 'a payment has the tickets it was begun with',
    violations: `
      SELECT format('payment %s: %s tickets sold, %s kept', s.payment_id,
        jsonb_array_length(s.sale->'tickets'), count(t.id)) AS found
      FROM sales s LEFT JOIN tickets t ON (t.tenant_id, t.payment_id) = (s.tenant_id, s.payment_id)
      GROUP BY s.tenant_id, s.payment_id, s.sale
      HAVING jsonb_array_length(s.sale->'tickets') <> count(t.id)`,
  },
  {
    invariant: 'I4',
    rule: 'a seat is held for exactly the living ticket that names it',
    violations: `
      SELECT format('ticket %s (%s), seat %s', coalesce(t.id, h.ticket_id), t.status,
        coalesce(t.seat, h.seat)) AS found
      FROM (SELECT * FROM tickets
        WHERE seat IS NOT NULL AND status <> 'released' AND NOT place_freed) t
      FULL JOIN ticket_holds h
        ON (h.tenant_id, h.event_id, h.seat, h.ticket_id) = (t.tenant_id, t.event_id, t.seat, t.id)
      WHERE t.id IS NULL OR h.ticket_id IS NULL`,
  },
  {
    invariant: 'I4',
    rule: 'a bound order is told of once, and its payment was paid',
    violations: `
      SELECT format('order %s: payment %s is %s, %s events', b.order_id, b.payment_id, p.status,
        coalesce(o.events, 0)) AS found
      FROM payment_orders b
      LEFT JOIN payment_transactions p ON (p.tenant_id, p.id) = (b.tenant_id, b.payment_id)
      LEFT JOIN (SELECT tenant_id, aggregate_id, count(*) AS events FROM outbox
        WHERE event_type = 'order.paid' GROUP BY 1, 2) o
        ON (o.tenant_id, o.aggregate_id) = (b.tenant_id, b.payment_id)
      WHERE o.events > 1 OR (o.events IS NULL AND b.bound_at > now() - ${KEPT})
        OR (p.status IN ${SETTLED}) IS NOT TRUE`,
  },
];
