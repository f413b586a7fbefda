import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Sale } from '../domain/sale.js';

/** The unique key whose violation says that somebody else has the seat. */
export const SEAT_KEY = 'ticket_holds_pkey';

/**
 * Holds the sale's tickets: capacity first (raises SQLSTATE TT002 when sold out), then seats
 * (23505 on `SEAT_KEY` when taken), then the tickets themselves with their ids.
 */
export function holdTickets(sale: Sale): Statement[] {
  return [...claimCapacity(sale), ...claimSeats(sale), insertTickets(sale)];
}

/**
 * The same hold for a payment that had ended and was paid after all. What the sale knew of the
 * capacity is old by now: the pools stay as large as they are.
 */
export function holdTicketsAgain(sale: Sale): Statement[] {
  return [...claimCapacity(sale, { resize: false }), ...claimSeats(sale)];
}

export function sellTickets(sale: Sale): Statement {
  return setTickets(sale, 'sold');
}

/** Gives the capacity and the seats back, in the order in which they are claimed. */
export function releaseTickets(sale: Sale): Statement[] {
  return [
    ...sale.pools.map(
      (pool) => sql`SELECT release_capacity(
        ${sale.tenantId}, ${sale.eventId}, ${pool.poolId}, ${pool.quantity})`,
    ),
    sql`DELETE FROM ticket_holds WHERE tenant_id = ${sale.tenantId} AND event_id = ${sale.eventId}
      AND seat = ANY(${seats(sale).map((ticket) => ticket.seat)}::text[])
      AND ticket_id = ANY(${sale.tickets.map((ticket) => ticket.id)}::uuid[])`,
    setTickets(sale, 'released'),
  ];
}

function claimCapacity(sale: Sale, { resize } = { resize: true }): Statement[] {
  // Where the search for a free shard starts: spread by the payment's random bits.
  const start = parseInt(sale.paymentId.slice(-4), 16) % 32;
  return sale.pools.map(
    (pool) => sql`SELECT claim_capacity(${sale.tenantId}, ${sale.eventId}, ${pool.poolId},
      ${resize ? pool.capacity : null}, ${pool.quantity}, ${start})`,
  );
}

function claimSeats(sale: Sale): Statement[] {
  const seated = seats(sale);
  if (seated.length === 0) return [];
  return [
    sql`INSERT INTO ticket_holds (tenant_id, event_id, seat, ticket_id)
      SELECT ${sale.tenantId}::uuid, ${sale.eventId}::uuid, seat, id
      FROM unnest(${seated.map((ticket) => ticket.seat)}::text[],
        ${seated.map((ticket) => ticket.id)}::uuid[]) AS t (seat, id) ORDER BY seat`,
  ];
}

function seats(sale: Sale): readonly { seat: string | null; id: string }[] {
  return sale.tickets.filter((ticket) => ticket.seat !== null);
}

function insertTickets(sale: Sale): Statement {
  const { tickets } = sale;
  return sql`INSERT INTO tickets (tenant_id, id, payment_id, event_id, ticket_type_id, seat,
      original_price_cents, owner_id, status)
    SELECT ${sale.tenantId}::uuid, id, ${sale.paymentId}::uuid, ${sale.eventId}::uuid, type, seat,
      price, ${sale.userId}::uuid, 'held'
    FROM unnest(${tickets.map((t) => t.id)}::uuid[], ${tickets.map((t) => t.ticketTypeId)}::uuid[],
      ${tickets.map((t) => t.seat)}::text[], ${tickets.map((t) => t.priceCents)}::bigint[])
      AS t (id, type, seat, price)`;
}

function setTickets(sale: Sale, status: 'sold' | 'released'): Statement {
  return sql`UPDATE tickets SET status = ${status}, updated_at = now()
    WHERE tenant_id = ${sale.tenantId} AND payment_id = ${sale.paymentId}`;
}
