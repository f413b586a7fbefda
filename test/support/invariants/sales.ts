import { ENDED, type Rule } from './rule.js';

/** What follows from a payment's state: tickets, seats, capacity, what others hear. */
export const SALES: readonly Rule[] = [
  {
    invariant: 'I4 a paid payment has one payment.completed and one journal, any other has none',
    violations: `
      SELECT format('payment %s is %s: %s events, %s journals', p.id, p.status, o.events, j.journals)
        AS found
      FROM payment_transactions p
      CROSS JOIN LATERAL (SELECT count(*) AS events FROM outbox o
        WHERE (o.tenant_id, o.aggregate_id) = (p.tenant_id, p.id)
          AND o.event_type = 'payment.completed') o
      CROSS JOIN LATERAL (SELECT count(*) AS journals FROM ledger_journals j
        WHERE (j.tenant_id, j.reference_id) = (p.tenant_id, p.id) AND j.kind = 'purchase') j
      WHERE (p.status = 'PAID' AND (o.events <> 1 OR j.journals > 1
          OR (p.amount_charged_cents > 0 AND j.journals <> 1)))
        OR (p.captured_cents = 0 AND p.status <> 'PAID' AND (o.events > 0 OR j.journals > 0))`,
  },
  {
    invariant: 'I4 tickets are sold when paid, released when ended, held in between',
    violations: `
      SELECT format('payment %s is %s, ticket %s is %s', p.id, p.status, t.id, t.status) AS found
      FROM payment_transactions p
      JOIN tickets t ON (t.tenant_id, t.payment_id) = (p.tenant_id, p.id)
      WHERE p.status <> 'REFUNDING' AND t.status <> CASE
        WHEN p.status = 'PAID' THEN 'sold' WHEN p.status IN ${ENDED} THEN 'released' ELSE 'held' END`,
  },
  {
    invariant: 'I4 a payment has the tickets it was begun with',
    violations: `
      SELECT format('payment %s: %s tickets sold, %s kept', e.payment_id,
        jsonb_array_length(e.payload#>'{sale,tickets}'), t.kept) AS found
      FROM payment_event_sequence e
      CROSS JOIN LATERAL (SELECT count(*) AS kept FROM tickets t
        WHERE (t.tenant_id, t.payment_id) = (e.tenant_id, e.payment_id)) t
      WHERE e.event_type = 'payment.initiated'
        AND jsonb_array_length(e.payload#>'{sale,tickets}') <> t.kept`,
  },
  {
    invariant: 'I4 a seat is held for exactly the live ticket that names it',
    violations: `
      SELECT format('ticket %s (%s), seat %s', coalesce(t.id, h.ticket_id), t.status,
        coalesce(t.seat, h.seat)) AS found
      FROM (SELECT * FROM tickets WHERE seat IS NOT NULL AND status <> 'released') t
      FULL JOIN ticket_holds h
        ON (h.tenant_id, h.event_id, h.seat, h.ticket_id) = (t.tenant_id, t.event_id, t.seat, t.id)
      WHERE t.id IS NULL OR h.ticket_id IS NULL`,
  },
  {
    invariant: 'I4 a bound order is told of once, and its payment is paid',
    violations: `
      SELECT format('order %s: payment %s is %s, %s events', b.order_id, b.payment_id, p.status,
        o.events) AS found
      FROM payment_orders b
      LEFT JOIN payment_transactions p ON (p.tenant_id, p.id) = (b.tenant_id, b.payment_id)
      CROSS JOIN LATERAL (SELECT count(*) AS events FROM outbox o
        WHERE (o.tenant_id, o.aggregate_id) = (b.tenant_id, b.payment_id)
          AND o.event_type = 'order.paid') o
      WHERE o.events <> 1 OR p.captured_cents IS DISTINCT FROM p.amount_charged_cents`,
  },
  {
    invariant: 'I12 never more tickets than there are',
    violations: `
      SELECT format('pool %s: %s live tickets of %s', c.pool_id, count(t.id), c.capacity) AS found
      FROM capacity_pools c JOIN tickets t ON t.tenant_id = c.tenant_id
        AND t.event_id = c.event_id AND c.pool_id IN (t.ticket_type_id, t.event_id)
      WHERE t.status <> 'released'
      GROUP BY c.tenant_id, c.event_id, c.pool_id, c.capacity HAVING count(t.id) > c.capacity`,
  },
  {
    invariant: 'I12 the capacity taken is that of the live tickets',
    violations: `
      SELECT format('pool %s: %s taken, %s live tickets', s.pool_id, s.taken, t.live) AS found
      FROM (SELECT tenant_id, event_id, pool_id, sum(taken) AS taken
        FROM capacity_shards GROUP BY 1, 2, 3) s
      CROSS JOIN LATERAL (SELECT count(*) AS live FROM tickets t
        WHERE t.tenant_id = s.tenant_id AND t.event_id = s.event_id
          AND s.pool_id IN (t.ticket_type_id, t.event_id) AND t.status <> 'released') t
      WHERE s.taken <> t.live`,
  },
  {
    invariant: 'I12 a seat is sold once',
    violations: `
      SELECT format('seat %s of event %s: %s live tickets', seat, event_id, count(*)) AS found
      FROM tickets WHERE seat IS NOT NULL AND status <> 'released'
      GROUP BY tenant_id, event_id, seat HAVING count(*) > 1`,
  },
  {
    invariant: 'I12 an order has one living payment',
    violations: `
      SELECT format('order %s: %s living payments', order_id, count(*)) AS found
      FROM payment_transactions WHERE order_id IS NOT NULL AND status NOT IN ${ENDED}
      GROUP BY tenant_id, order_id HAVING count(*) > 1`,
  },
];
