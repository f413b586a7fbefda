import { refuse, type Refusal } from '../../kernel/errors.js';
import { MAX_REQUEST_CENTS } from '../../kernel/money/index.js';
import type { CatalogEvent, CatalogTicketType } from '../../venues/venues.contract.js';
import type { CapacityPool } from './sale.js';
import type { OrderLine } from './sale-order.js';

export interface MatchedLine {
  readonly type: CatalogTicketType;
  readonly quantity: number;
  readonly seatNumbers: readonly string[];
}

/**
 * The order's lines against the catalogue, whose prices win. Refuses `VALIDATION_ERROR` for an
 * unknown ticket type, wrong seats (which a mere quote may leave open) or more than a card is
 * charged, and `PRICE_CHANGED` with the price that holds.
 */
export function matchCatalog(
  lines: readonly OrderLine[],
  event: CatalogEvent,
  { seatsOptional = false } = {},
): readonly MatchedLine[] | Refusal {
  const matched: MatchedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const type = event.ticketTypes.find(({ id }) => id === line.ticketTypeId);
    if (!type) return invalid(index, 'ticketTypeId', 'is not a ticket type of this event');
    if (BigInt(line.priceCents) !== type.priceCents) {
      return refuse('PRICE_CHANGED', 'A ticket price has changed. Show the buyer the new one.', {
        extra: { ticketTypeId: type.id, price: Number(type.priceCents) },
      });
    }
    if (!seatsFit(line, type.seated && !seatsOptional)) {
      return invalid(index, 'seatNumbers', 'must name one seat for each ticket');
    }
    matched.push({ type, quantity: line.quantity, seatNumbers: line.seatNumbers });
  }
  const seats = matched.flatMap((line) => line.seatNumbers);
  if (new Set(seats).size !== seats.length) {
    return invalid(0, 'seatNumbers', 'must not name a seat twice');
  }
  // Checked before anything is computed of it: fees and taxes of a larger sum are beyond a ledger line.
  const subtotal = matched.reduce((sum, l) => sum + l.type.priceCents * BigInt(l.quantity), 0n);
  if (subtotal > MAX_REQUEST_CENTS) {
    return invalid(0, 'quantity', 'comes to more than a card is charged');
  }
  return matched;
}

function seatsFit({ quantity, seatNumbers }: OrderLine, required: boolean): boolean {
  return seatNumbers.length === quantity || (seatNumbers.length === 0 && !required);
}

/**
 * The capacities that lines draw on: each ticket type's own, and the event's where it holds fewer
 * people than its ticket types together would admit.
 */
export function poolsOf(lines: readonly MatchedLine[], event: CatalogEvent): CapacityPool[] {
  const byType = new Map<string, CapacityPool>();
  for (const { type, quantity } of lines) {
    const before = byType.get(type.id)?.quantity ?? 0;
    byType.set(type.id, {
      poolId: type.id,
      capacity: type.capacity,
      quantity: before + quantity,
    });
  }
  const admitted = event.ticketTypes.reduce((sum, type) => sum + type.capacity, 0);
  const total = lines.reduce((sum, line) => sum + line.quantity, 0);
  const whole = { poolId: event.id, capacity: event.capacity, quantity: total };
  const pools = admitted > event.capacity ? [...byType.values(), whole] : [...byType.values()];
  // One order for everybody, so that two sales never wait for each other.
  return pools.sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
}

function invalid(index: number, field: string, message: string): Refusal {
  return refuse('VALIDATION_ERROR', 'Validation failed', {
    errors: [{ field: `tickets.${index}.${field}`, message }],
  });
}
