import * as z from 'zod';
import { isUuid, type Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { isTimeZone } from '../../kernel/business-date.js';
import type { CatalogEvent, CatalogVenue } from './ticket-catalog.js';

const id = z
  .string()
  .refine((text): text is Uuid => isUuid(text), 'must be a UUID')
  .transform((uuid) => uuid.toLowerCase());
const name = z.string().min(1).max(500);
const count = z.int().min(0).max(10_000_000);
const timezone = z.string().refine(isTimeZone, 'must be an IANA time zone');

const place = z.object({
  street: z.string(),
  city: z.string(),
  county: z.string().optional(),
  state: z.string(),
  zip: z.string(),
  country: z.string().length(2),
});

/** The ticket service's venue. Members it may add later are passed over. */
export const catalogVenue: z.ZodType<CatalogVenue> = z.object({
  id,
  name,
  timezone,
  address: place,
});

/** The ticket service's event; prices become `Cents`. */
export const catalogEvent: z.ZodType<CatalogEvent> = z.object({
  id,
  venueId: id,
  name,
  startsAt: z.iso.datetime({ offset: true }),
  timezone,
  place,
  capacity: count,
  highDemand: z.boolean(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  ticketTypes: z
    .array(
      z.object({
        id,
        name,
        priceCents: z.int().min(0).max(99_999_999).transform(toCents),
        capacity: count,
        seated: z.boolean(),
      }),
    )
    .max(500),
});
