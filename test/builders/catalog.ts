import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import type {
  CatalogEvent,
  CatalogPlace,
  CatalogTicketType,
} from '../../src/venues/venues.contract.js';

export const NASHVILLE: CatalogPlace = {
  street: '501 Broadway',
  city: 'Nashville',
  county: 'Davidson',
  state: 'TN',
  zip: '37203',
  country: 'US',
};

/** General admission at $50, a thousand of them. */
export function ticketType(over: Partial<CatalogTicketType> = {}): CatalogTicketType {
  return {
    id: newId(),
    name: 'General admission',
    priceCents: toCents(5_000),
    capacity: 1_000,
    seated: false,
    ...over,
  };
}

/** An event in Nashville that admits as many as its ticket types together. */
export function catalogEvent(over: Partial<CatalogEvent> = {}): CatalogEvent {
  const { ticketTypes = [ticketType()] } = over;
  return {
    id: newId(),
    venueId: newId(),
    name: 'River City Revival',
    startsAt: '2025-06-01T01:00:00.000Z',
    timezone: 'America/Chicago',
    place: NASHVILLE,
    capacity: ticketTypes.reduce((sum, { capacity }) => sum + capacity, 0),
    highDemand: false,
    currency: 'USD',
    ...over,
    ticketTypes,
  };
}
