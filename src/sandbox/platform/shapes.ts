import { z } from 'zod';

const id = z.string().min(1).max(64);
const cents = z.number().int().min(0).max(99_999_999);
const count = z.number().int().min(0).max(1_000_000);

const place = z.strictObject({
  street: z.string(),
  city: z.string(),
  county: z.string(),
  state: z.string().length(2),
  zip: z.string(),
  country: z.string().length(2),
});

export const venue = z.strictObject({ id, name: z.string(), timezone: z.string(), address: place });

const ticketType = z.strictObject({
  id,
  name: z.string(),
  /** Face value of one ticket. */
  priceCents: cents,
  capacity: count,
  seated: z.boolean(),
});

export const event = z.strictObject({
  id,
  venueId: id,
  name: z.string(),
  /** An instant, ISO 8601. */
  startsAt: z.iso.datetime({ offset: true }),
  timezone: z.string(),
  place,
  capacity: count,
  highDemand: z.boolean(),
  currency: z.literal('USD'),
  ticketTypes: z.array(ticketType).min(1).max(50),
});

const orderLine = z.strictObject({
  ticketTypeId: id,
  quantity: z.number().int().min(1).max(100),
  priceCents: cents,
  seatNumbers: z.array(z.string()).optional(),
});

export const order = z.strictObject({
  id,
  userId: id,
  venueId: id,
  eventId: id,
  currency: z.literal('USD'),
  lines: z.array(orderLine).min(1).max(50),
  /** What the order service says is due, `null` when it leaves that to the payment service. */
  totalCents: cents.nullable(),
});

export const user = z.strictObject({
  id,
  email: z.email(),
  name: z.string(),
  address: place.omit({ county: true }),
});

/** What creates one: everything absent is filled in by the emulator. */
export const venueDraft = venue.partial();
export const eventDraft = event.partial().extend({
  ticketTypes: z
    .array(ticketType.partial({ id: true, capacity: true, seated: true }))
    .min(1)
    .max(50)
    .optional(),
});
export const orderDraft = order
  .partial()
  .required({ eventId: true })
  .extend({
    lines: z
      .array(orderLine.partial({ priceCents: true }))
      .min(1)
      .max(50),
  });
export const userDraft = user.partial();

export type Venue = z.infer<typeof venue>;
export type Event = z.infer<typeof event>;
export type Order = z.infer<typeof order>;
export type User = z.infer<typeof user>;
export type VenueDraft = z.infer<typeof venueDraft>;
export type EventDraft = z.infer<typeof eventDraft>;
export type OrderDraft = z.infer<typeof orderDraft>;
export type UserDraft = z.infer<typeof userDraft>;
