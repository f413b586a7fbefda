import { newId, type Uuid } from '../../src/kernel/ids.js';
import { DEFAULT_SETTINGS } from '../../src/venues/domain/settings.js';
import { startVenuesWorld, type VenuesWorld } from './venues-world.js';

const NOW = new Date();
const afterNow = (ms: number) => new Date(NOW.getTime() + ms);
const DAY_MS = 86_400_000;
const TOMORROW = afterNow(DAY_MS).toISOString();
const NEXT_WEEK = afterNow(7 * DAY_MS).toISOString();

let world: VenuesWorld;
let venueId: Uuid;
let eventId: Uuid;
let owner: { authorization: string };
let manager: { authorization: string };
let admin: { authorization: string };
const ownerId = newId();

beforeAll(async () => {
  world = await startVenuesWorld(NOW);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.moveTo(NOW);
  venueId = world.platform.tickets.createVenue().id;
  eventId = world.platform.tickets.createEvent({ venueId }).id;
  owner = await world.token({ sub: ownerId, roles: ['venue_owner'], venues: [venueId] });
  manager = await world.token({ roles: ['venue_manager'], venues: [venueId] });
  admin = await world.token({ roles: ['admin'] });
});

const ofVenue = (query = '') => `/api/v1/venues/${venueId}/settings${query}`;
const ofEvent = (query = '') => `/api/v1/events/${eventId}/settings${query}`;

async function get(url: string, headers = owner) {
  const response = await world.app.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, body: response.json<Record<string, never>>() };
}

async function put(url: string, payload: object, headers = owner) {
  const response = await world.app.inject({ method: 'PUT', url, headers, payload });
  return { status: response.statusCode, body: response.json<Record<string, never>>() };
}

/** From what to what, the latest first. */
function changesIn(body: object): unknown[][] {
  const { history } = body as { history: { before: unknown; after: unknown }[] };
  return history.map(({ before, after }) => [before, after]);
}

describe('reading', () => {
  it('answers the defaults where nothing was decided', async () => {
    const { status, body } = await get(ofEvent());
    expect(status).toBe(200);
    expect(body).toEqual({
      venueId,
      eventId,
      at: NOW.toISOString(),
      effective: DEFAULT_SETTINGS,
      own: {},
      scheduled: [],
    });
    expect((await get(ofVenue())).body).not.toHaveProperty('eventId');
  });

  it('shows the event over the venue, at both', async () => {
    await put(ofVenue(), {
      settings: { platformFeePayer: 'venue', purchaseLimits: { perUser: 6, perAddress: 10 } },
    });
    const changed = await put(ofEvent(), {
      settings: { highDemand: true, purchaseLimits: { perUser: 2 } },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      own: { highDemand: true, purchaseLimits: { perUser: 2 } },
      effective: {
        platformFeePayer: 'venue',
        highDemand: true,
        purchaseLimits: { perUser: 2, perPaymentMethod: 4, perAddress: 10 },
      },
    });
    expect((await get(ofEvent())).body).toEqual(changed.body);
    expect((await get(ofVenue())).body).toMatchObject({
      effective: { highDemand: null, purchaseLimits: { perUser: 6 } },
    });
  });
});

describe('changing', () => {
  it('replaces what the level had decided', async () => {
    await put(ofVenue(), { settings: { gasFeePayer: 'venue', blockchain: 'solana' } });
    const { body } = await put(ofVenue(), { settings: { blockchain: 'polygon' } });
    expect(body).toMatchObject({
      own: { blockchain: 'polygon' },
      effective: { gasFeePayer: 'buyer', blockchain: 'polygon' },
    });
  });

  it('waits for its day, and a later change for an earlier day does not undo it', async () => {
    const dated = { settings: { groupExpiryMinutes: 30 }, effectiveFrom: NEXT_WEEK };
    const { body } = await put(ofVenue(), dated);
    expect(body).toMatchObject({
      effective: { groupExpiryMinutes: 10 },
      own: {},
      scheduled: [
        { effectiveFrom: NEXT_WEEK, changedBy: ownerId, before: {}, after: dated.settings },
      ],
    });
    await put(ofVenue(), { settings: { groupExpiryMinutes: 20 }, effectiveFrom: TOMORROW });
    expect(changesIn((await get(ofVenue('?history=true'))).body)).toEqual([
      [{}, { groupExpiryMinutes: 20 }],
      [{}, { groupExpiryMinutes: 30 }],
    ]);
    await expectGroupExpiry(NOW.toISOString(), 10);
    await expectGroupExpiry(TOMORROW, 20);
    await expectGroupExpiry(afterNow(7 * DAY_MS - 1).toISOString(), 20);
    await expectGroupExpiry(NEXT_WEEK, 30);
  });

  async function expectGroupExpiry(at: string, minutes: number) {
    world.clock.moveTo(new Date(at));
    expect((await get(ofVenue())).body).toMatchObject({
      effective: { groupExpiryMinutes: minutes },
    });
  }

  it('keeps who changed what, when, from what, page by page', async () => {
    await put(ofVenue(), { settings: { gasFeePayer: 'venue' } });
    const adminsId = newId();
    const other = await world.token({ sub: adminsId, roles: ['admin'] });
    await put(ofVenue(), { settings: { gasFeePayer: 'platform' } }, other);
    await put(ofVenue(), { settings: {} });
    const first = await get(ofVenue('?history=true&limit=2'), manager);
    expect(first.body).toMatchObject({
      history: [{ changedBy: ownerId }, { changedBy: adminsId, effectiveFrom: NOW.toISOString() }],
    });
    expect(changesIn(first.body)).toEqual([
      [{ gasFeePayer: 'platform' }, {}],
      [{ gasFeePayer: 'venue' }, { gasFeePayer: 'platform' }],
    ]);
    const { nextCursor } = first.body as unknown as { nextCursor: string };
    const second = await get(ofVenue(`?history=true&limit=2&cursor=${nextCursor}`));
    expect(changesIn(second.body)).toEqual([[{}, { gasFeePayer: 'venue' }]]);
    expect(second.body).not.toHaveProperty('nextCursor');
    expect((await get(ofVenue('?history=false'))).body).not.toHaveProperty('history');
  });

  it.each([
    ['unknown field', { settings: { platformFee: 1 } }, 'settings.platformFee'],
    [
      'unknown limit',
      { settings: { purchaseLimits: { perDay: 1 } } },
      'settings.purchaseLimits.perDay',
    ],
    ['unknown member', { settings: {}, note: 'x' }, 'note'],
    ['no settings', {}, 'settings'],
    ['null settings', { settings: null }, 'settings'],
    ['a list', { settings: [] }, 'settings'],
    ['null payer', { settings: { gasFeePayer: null } }, 'settings.gasFeePayer'],
    ['null group', { settings: { refundPolicy: null } }, 'settings.refundPolicy'],
    [
      'null limit',
      { settings: { purchaseLimits: { perUser: null } } },
      'settings.purchaseLimits.perUser',
    ],
    ['null demand', { settings: { highDemand: null } }, 'settings.highDemand'],
    [
      'payer nobody has',
      { settings: { platformFeePayer: 'platform' } },
      'settings.platformFeePayer',
    ],
    [
      'text for a number',
      { settings: { groupExpiryMinutes: '10' } },
      'settings.groupExpiryMinutes',
    ],
    [
      'no tickets',
      { settings: { purchaseLimits: { perUser: 0 } } },
      'settings.purchaseLimits.perUser',
    ],
    [
      'half a price range',
      { settings: { resale: { maxPriceBps: 9 } } },
      'settings.resale.minPriceBps',
    ],
    [
      'no price',
      { settings: { resale: { minPriceBps: 2, maxPriceBps: 1 } } },
      'settings.resale.minPriceBps',
    ],
    ['the past', { settings: {}, effectiveFrom: afterNow(-1).toISOString() }, 'effectiveFrom'],
    ['no date', { settings: {}, effectiveFrom: '2026-02-30T00:00:00Z' }, 'effectiveFrom'],
    ['a day', { settings: {}, effectiveFrom: '2027-01-01' }, 'effectiveFrom'],
    ['a far year', { settings: {}, effectiveFrom: '+275760-09-13T00:00:00Z' }, 'effectiveFrom'],
  ])('refuses %s and stores nothing', async (_, body, field) => {
    const refused = await put(ofVenue(), body);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR', errors: [{ field }] },
    });
    expect((await get(ofVenue('?history=true'))).body).toMatchObject({ history: [] });
  });
});

describe('whose business it is', () => {
  it('owners and admins change, managers read', async () => {
    expect((await get(ofVenue(), manager)).status).toBe(200);
    expect((await get(ofEvent(), manager)).status).toBe(200);
    expect((await get(ofEvent(), admin)).status).toBe(200);
    expect((await put(ofEvent(), { settings: {} }, admin)).status).toBe(200);
    expect((await put(ofVenue(), { settings: {} }, manager)).status).toBe(403);
    expect((await put(ofEvent(), { settings: {} }, manager)).status).toBe(403);
  });

  it('other people’s venues, other tenants’ and none at all are alike', async () => {
    const elsewhere = world.platform.tickets.createVenue().id;
    const others = await world.token({ roles: ['venue_owner'], venues: [elsewhere] });
    const tenant = { tenantId: newId(), venues: [venueId] };
    const stranger = await world.token({ ...tenant, roles: ['venue_owner'] });
    const strangeAdmin = await world.token({ ...tenant, roles: ['admin'] });
    for (const headers of [others, stranger, strangeAdmin]) {
      for (const url of [ofVenue(), ofEvent()]) {
        expect(await get(url, headers)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
        expect((await put(url, { settings: {} }, headers)).status).toBe(404);
      }
    }
    const none = `/api/v1/venues/${newId()}/settings`;
    expect((await get(none, admin)).status).toBe(404);
    expect((await get('/api/v1/venues/x/settings')).status).toBe(422);
  });

  it('buyers are refused by role, the nameless for want of a token', async () => {
    const buyer = await world.token({ roles: ['user'] });
    expect((await get(ofVenue(), buyer)).status).toBe(403);
    expect((await world.app.inject({ method: 'GET', url: ofVenue() })).statusCode).toBe(401);
  });

  it('answers 503 while nobody can tell whose event it is', async () => {
    world.platform.tickets.setOutage('down');
    try {
      const response = await world.app.inject({ method: 'GET', url: ofEvent(), headers: owner });
      expect(response.statusCode).toBe(503);
      expect(response.json()).toMatchObject({ code: 'TICKET_SERVICE_UNAVAILABLE' });
      expect(response.headers['retry-after']).toBe('2');
    } finally {
      world.platform.tickets.setOutage('none');
    }
  });
});
