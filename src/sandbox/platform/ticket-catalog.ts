import { newId } from '../../kernel/ids.js';
import { type Call, Refusal, type Routes } from '../http-router.js';
import { ReceivedWebhooks } from './received-webhooks.js';
import { type EmulatedService, found, parse, serve, tenantOf } from './endpoint.js';
import {
  type Event,
  type EventDraft,
  eventDraft,
  type Venue,
  type VenueDraft,
  venueDraft,
} from './shapes.js';
import type { PlatformState } from './state.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_CAPACITY = 1_000;

/** The emulated ticket service: the catalogue of venues, events, prices and capacities. */
export interface TicketCatalogEmulator extends EmulatedService {
  /** What it was told of payments. */
  readonly webhooks: ReceivedWebhooks;
  /** Fills in what the draft leaves out; a venue of Nashville, Tennessee by default. */
  createVenue(draft?: VenueDraft, tenantId?: string): Venue;
  /** Takes the tenant's first venue unless one is named. Refuses an unknown venue with 404. */
  createEvent(draft?: EventDraft, tenantId?: string): Event;
}

/** Starts it; `mainTenantId` is meant wherever no tenant is given. */
export async function startTicketCatalog(
  state: PlatformState,
  mainTenantId: string,
  webhookSecret?: string,
  port?: number,
): Promise<TicketCatalogEmulator> {
  const createVenue = (draft: VenueDraft = {}, tenantId = mainTenantId): Venue => {
    const venue = completeVenue(draft);
    state.of(tenantId).venues[venue.id] = venue;
    state.changed();
    return venue;
  };
  const createEvent = (draft: EventDraft = {}, tenantId = mainTenantId): Event => {
    const { venues, events } = state.of(tenantId);
    const venue =
      draft.venueId === undefined
        ? (Object.values(venues)[0] ?? createVenue({}, tenantId))
        : venues[draft.venueId];
    if (!venue) throw new Refusal(404, 'NOT_FOUND', 'No such venue');
    const event = completeEvent(draft, venue);
    events[event.id] = event;
    state.changed();
    return event;
  };
  const tenantOrMain = ({ header }: Call): string => header('x-tenant-id') ?? mainTenantId;
  const webhooks = new ReceivedWebhooks(webhookSecret);
  const routes: Routes = {
    ...webhooks.routes('/api/v1/webhooks/payment-confirmed'),
    'GET /api/v1/events/:eventId': (call) =>
      found(state.of(tenantOf(call)).events[call.params.eventId ?? ''], 'event'),
    'GET /api/v1/venues/:venueId': (call) =>
      found(state.of(tenantOf(call)).venues[call.params.venueId ?? ''], 'venue'),
    'POST /__emulator/events': (call) => ({
      status: 201,
      body: createEvent(parse(eventDraft, call.body), tenantOrMain(call)),
    }),
    'POST /__emulator/venues': (call) => ({
      status: 201,
      body: createVenue(parse(venueDraft, call.body), tenantOrMain(call)),
    }),
  };
  return { ...(await serve(routes, port)), createVenue, createEvent, webhooks };
}

function completeVenue(draft: VenueDraft): Venue {
  return {
    id: newId(),
    name: 'Broadway Hall',
    timezone: 'America/Chicago',
    address: {
      street: '501 Broadway',
      city: 'Nashville',
      county: 'Davidson',
      state: 'TN',
      zip: '37203',
      country: 'US',
    },
    ...draft,
  };
}

function completeEvent(draft: EventDraft, venue: Venue): Event {
  const types = draft.ticketTypes ?? [{ name: 'General admission', priceCents: 50_00 }];
  const listed = types.reduce((sum, { capacity }) => sum + (capacity ?? 0), 0);
  const capacity = draft.capacity ?? (listed > 0 ? listed : DEFAULT_CAPACITY);
  return {
    id: newId(),
    venueId: venue.id,
    name: 'An evening at the sandbox',
    startsAt: new Date(Date.now() + 60 * DAY_MS).toISOString(),
    timezone: venue.timezone,
    place: venue.address,
    highDemand: false,
    currency: 'USD',
    ...draft,
    capacity,
    ticketTypes: types.map((type) => ({ id: newId(), capacity, seated: false, ...type })),
  };
}
