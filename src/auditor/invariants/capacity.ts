import { ENDED, type Rule } from './rule.js';

/** A ticket that takes a place. */
const LIVING = `(t.status <> 'released' AND NOT t.place_freed)`;

const LIVING_BY_POOL = `living AS (
  SELECT t.tenant_id, t.event_id, pool.id AS pool_id, count(*) AS tickets
  FROM tickets t CROSS JOIN LATERAL (
    SELECT t.ticket_type_id AS id UNION SELECT t.event_id) pool
  WHERE ${LIVING} GROUP BY 1, 2, 3
)`;

/** I12: what is sold is there to be sold. */
export const CAPACITY: readonly Rule[] = [
  {
    invariant: 'I12',
    rule: 'never more tickets than there are',
    also: LIVING_BY_POOL,
    violations: `
      SELECT format('pool %s of event %s: %s living tickets of %s', c.pool_id, c.event_id,
        l.tickets, c.capacity) AS found
      FROM capacity_pools c JOIN living l USING (tenant_id, event_id, pool_id)
      WHERE l.tickets > c.capacity`,
  },
  {
    invariant: 'I12',
    rule: 'the capacity taken is that of the living tickets',
    also: LIVING_BY_POOL,
    violations: `
      SELECT format('pool %s of event %s: %s taken, %s living tickets', s.pool_id, s.event_id,
        s.taken, coalesce(l.tickets, 0)) AS found
      FROM (SELECT tenant_id, event_id, pool_id, sum(taken) AS taken
        FROM capacity_shards GROUP BY 1, 2, 3) s
      LEFT JOIN living l USING (tenant_id, event_id, pool_id)
      WHERE s.taken <> coalesce(l.tickets, 0)`,
  },
  {
    invariant: 'I12',
    rule: 'a seat is sold once',
    violations: `
      SELECT format('seat %s of event %s: %s living tickets', seat, event_id, count(*)) AS found
      FROM tickets t WHERE seat IS NOT NULL AND ${LIVING}
      GROUP BY tenant_id, event_id, seat HAVING count(*) > 1`,
  },
  {
    invariant: 'I12',
    rule: 'an order has one living payment',
    violations: `
      SELECT format('order %s: %s living payments', order_id, count(*)) AS found
      FROM payment_transactions WHERE order_id IS NOT NULL AND status NOT IN ${ENDED}
      GROUP BY tenant_id, order_id HAVING count(*) > 1`,
  },
];
