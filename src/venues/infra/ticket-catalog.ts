import type { Cents } from '../../kernel/money/index.js';
import type { Uuid } from '../../kernel/ids.js';

/** A postal address as the ticket service keeps it. */
export interface CatalogPlace {
  readonly street: string;
  readonly city: string;
  readonly county?: string;
  readonly state: string;
  readonly zip: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface CatalogTicketType {
  readonly id: Uuid;
  readonly name: string;
  /** Face value of one ticket. */
  readonly priceCents: Cents;
  readonly capacity: number;
  readonly seated: boolean;
}

export interface CatalogEvent {
  readonly id: Uuid;
  readonly venueId: Uuid;
  readonly name: string;
  /** An instant, ISO 8601. */
  readonly startsAt: string;
  /** IANA name. */
  readonly timezone: string;
  readonly place: CatalogPlace;
  readonly capacity: number;
  readonly highDemand: boolean;
  /** ISO 4217. */
  readonly currency: string;
  readonly ticketTypes: readonly CatalogTicketType[];
}

export interface CatalogVenue {
  readonly id: Uuid;
  readonly name: string;
  /** IANA name: the zone of the venue's business dates. */
  readonly timezone: string;
  readonly address: CatalogPlace;
}

export interface CatalogOptions {
  /** Ask the ticket service itself: before a buyer is told that a price has changed. */
  readonly fresh?: boolean;
}

/**
 * The platform's ticket service, which owns events, prices and capacities. An answer may be a few
 * seconds old (`CATALOG_CACHE_MS`), never older: where no such answer is to be had, both methods
 * reject with AppError TICKET_SERVICE_UNAVAILABLE. `not_found` is never remembered.
 */
export abstract class TicketCatalog {
  abstract event(
    tenantId: Uuid,
    eventId: Uuid,
    options?: CatalogOptions,
  ): Promise<CatalogEvent | 'not_found'>;

  abstract venue(
    tenantId: Uuid,
    venueId: Uuid,
    options?: CatalogOptions,
  ): Promise<CatalogVenue | 'not_found'>;
}
