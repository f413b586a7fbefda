import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { CapacityPool, Sale, SaleTicket } from '../domain/sale.js';

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

/** The tickets of a sale whose places somebody else has: known by their ids, and nobody's. */
export function recordReleased(sale: Sale): Statement[] {
  return [insertTickets(sale), setTickets(sale, 'released')];
}

export function sellTickets(sale: Sale): Statement {
  return setTickets(sale, 'sold');
}

export function releaseTickets(sale: Sale): Statement[] {
  return [...freePlaces(sale, sale.tickets), setTickets(sale, 'released')];
}

/** Tickets whose money is on its way back: nobody enters with them, nobody else has their place. */
export function suspendTickets(sale: Sale, ids: readonly Uuid[]): Statement {
  return sql`UPDATE tickets SET status = 'refunding', updated_at = now()
    WHERE tenant_id = ${sale.tenantId} AND id = ANY(${[...ids]}::uuid[]) AND status = 'sold'`;
}

/** The money did not go back after all. */
export function resumeTickets(sale: Sale, ids: readonly Uuid[]): Statement {
  return sql`UPDATE tickets SET status = 'sold', updated_at = now()
    WHERE tenant_id = ${sale.tenantId} AND id = ANY(${[...ids]}::uuid[]) AND status = 'refunding'`;
}

/** Ends refunded tickets, and puts their places on sale again where the policy says so. */
export function endTickets(sale: Sale, ids: readonly Uuid[], freed: boolean): Statement[] {
  const tickets = sale.tickets.filter((ticket) => ids.includes(ticket.id));
  if (tickets.length === 0) return [];
  return [
    ...(freed ? freePlaces(sale, tickets) : []),
    sql`UPDATE tickets SET status = 'refunded', place_freed = ${freed}, updated_at = now()
      WHERE tenant_id = ${sale.tenantId} AND id = ANY(${tickets.map((t) => t.id)}::uuid[])`,
  ];
}

/** Gives the capacity and the seats back, in the order in which they are claimed. */
function freePlaces(sale: Sale, tickets: readonly SaleTicket[]): Statement[] {
  const drawnOn = ({ poolId }: CapacityPool) =>
    tickets.filter(({ ticketTypeId }) => poolId === sale.eventId || poolId === ticketTypeId).length;
  return [
    ...sale.pools
      .map((pool) => ({ pool, quantity: drawnOn(pool) }))
      .filter(({ quantity }) => quantity > 0)
      .map(
        ({ pool, quantity }) => sql`SELECT release_capacity(
          ${sale.tenantId}, ${sale.eventId}, ${pool.poolId}, ${quantity})`,
      ),
    sql`DELETE FROM ticket_holds WHERE tenant_id = ${sale.tenantId} AND event_id = ${sale.eventId}
      AND seat = ANY(${seats(tickets).map((ticket) => ticket.seat)}::text[])
      AND ticket_id = ANY(${tickets.map((ticket) => ticket.id)}::uuid[])`,
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
  const seated = seats(sale.tickets);
  if (seated.length === 0) return [];
  return [
    sql`INSERT INTO ticket_holds (tenant_id, event_id, seat, ticket_id)
      SELECT ${sale.tenantId}::uuid, ${sale.eventId}::uuid, seat, id
      FROM unnest(${seated.map((ticket) => ticket.seat)}::text[],
        ${seated.map((ticket) => ticket.id)}::uuid[]) AS t (seat, id) ORDER BY seat`,
  ];
}

function seats(tickets: readonly SaleTicket[]): readonly SaleTicket[] {
  return tickets.filter((ticket) => ticket.seat !== null);
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
