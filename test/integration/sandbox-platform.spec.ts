import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newCast } from '../../src/sandbox/cast.js';
import { type Platform, startPlatform } from '../../src/sandbox/platform/index.js';
import { event, order, user, venue } from '../../src/sandbox/platform/shapes.js';

const cast = newCast();
const home = mkdtempSync(path.join(os.tmpdir(), 'sandbox-platform-'));
const stateFile = path.join(home, 'platform.json');
let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform({ cast, stateFile });
});

afterAll(async () => {
  await platform.close();
  rmSync(home, { recursive: true });
});

const send = async (url: string, method = 'GET', body?: unknown, tenant?: string) => {
  const response = await fetch(url, {
    method,
    headers: tenant === undefined ? {} : { 'x-tenant-id': tenant },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const get = (url: string, tenant = cast.tenantId) => send(url, 'GET', undefined, tenant);

const eventUrl = (id: string) => `${platform.tickets.baseUrl}/api/v1/events/${id}`;
const venueUrl = (id: string) => `${platform.tickets.baseUrl}/api/v1/venues/${id}`;

describe('the ticket catalogue', () => {
  it('has the seeded venues and events in the published shape', async () => {
    const nashville = await get(venueUrl(cast.venues.nashville));
    expect(venue.parse(nashville.body).address).toMatchObject({
      county: 'Davidson',
      state: 'TN',
      zip: '37203',
    });
    for (const id of [cast.events.generalAdmission, cast.events.seated, cast.events.highDemand]) {
      const { body } = await get(eventUrl(id));
      const { startsAt, venueId, timezone } = event.parse(body);
      expect({ venueId, timezone }).toEqual({
        venueId: cast.venues.nashville,
        timezone: 'America/Chicago',
      });
      expect(Date.parse(startsAt)).toBeGreaterThan(Date.now() + 30 * 24 * 60 * 60 * 1000);
    }
    const { body } = await get(eventUrl(cast.events.highDemand));
    expect(body.highDemand).toBe(true);
  });

  it('shows nobody what is another tenant’s', async () => {
    const refused = { status: 404, body: { code: 'NOT_FOUND' } };
    expect(await get(eventUrl(cast.events.elsewhere))).toMatchObject(refused);
    expect(await get(venueUrl(cast.venues.nashville), cast.otherTenantId)).toMatchObject(refused);
    expect((await get(eventUrl(cast.events.elsewhere), cast.otherTenantId)).status).toBe(200);
  });

  it('refuses to answer without a tenant', async () => {
    expect(await send(venueUrl(cast.venues.nashville))).toMatchObject({
      status: 400,
      body: { code: 'TENANT_REQUIRED' },
    });
  });

  it('creates an event from as much as it is told, at the named venue', async () => {
    const created = await send(`${platform.tickets.baseUrl}/__emulator/events`, 'POST', {
      venueId: cast.venues.newYork,
      ticketTypes: [
        { name: 'Pit', priceCents: 99_00, capacity: 30 },
        { id: 'stalls', name: 'Stalls', priceCents: 120_00, capacity: 70, seated: true },
      ],
    });
    expect(created.status).toBe(201);
    const { id, capacity, place, ticketTypes } = event.parse(created.body);
    expect({ capacity, state: place.state }).toEqual({ capacity: 100, state: 'NY' });
    expect(ticketTypes[1]).toMatchObject({ id: 'stalls', seated: true });
    expect((await get(eventUrl(id))).body).toEqual(created.body);
  });

  it.each([
    [{ capacity: -1 }],
    [{ unknown: 1 }],
    [{ ticketTypes: [{ name: 'A', priceCents: 1.5 }] }],
    [{ startsAt: 'tomorrow' }],
  ])('refuses the event %j', async (body) => {
    const url = `${platform.tickets.baseUrl}/__emulator/events`;
    expect((await send(url, 'POST', body)).status).toBe(422);
  });

  it('refuses an event at a venue that is not the tenant’s', async () => {
    const url = `${platform.tickets.baseUrl}/__emulator/events`;
    const body = { venueId: cast.venues.elsewhere };
    expect(await send(url, 'POST', body)).toMatchObject({ status: 404 });
  });

  it('can be away, and be back', async () => {
    const outage = (mode: string) =>
      send(`${platform.tickets.baseUrl}/__emulator/outage`, 'PUT', { mode });
    const url = venueUrl(cast.venues.nashville);
    await outage('down');
    await expect(get(url)).rejects.toThrow('fetch failed');
    await outage('hang');
    const hanging = get(url);
    const early = await Promise.race([hanging, new Promise((r) => setTimeout(r, 150, 'waiting'))]);
    expect(early).toBe('waiting');
    await Promise.all([expect(hanging).rejects.toThrow('fetch failed'), outage('none')]);
    expect((await get(url)).status).toBe(200);
  });
});

describe('the order catalogue', () => {
  it('prices an order from the catalogue and leaves its total open', async () => {
    const [type] = platform.tickets.createEvent({
      id: 'concert',
      ticketTypes: [{ name: 'Seat', priceCents: 40_00, seated: true }],
    }).ticketTypes;
    const lines = [{ ticketTypeId: type?.id, quantity: 2, seatNumbers: ['A1', 'A2'] }];
    const url = `${platform.orders.baseUrl}/__emulator/orders`;
    const created = await send(url, 'POST', { id: 'order 1', eventId: 'concert', lines });
    expect(created.status).toBe(201);
    expect(order.parse(created.body)).toMatchObject({
      userId: cast.users.buyer,
      totalCents: null,
      lines: [{ quantity: 2, priceCents: 40_00, seatNumbers: ['A1', 'A2'] }],
    });
    const path = '/api/v1/orders/order%201';
    expect((await get(platform.orders.baseUrl + path)).body).toEqual(created.body);
    expect((await get(platform.orders.baseUrl + path, cast.otherTenantId)).status).toBe(404);
  });

  it('refuses what the catalogue does not have', async () => {
    const url = `${platform.orders.baseUrl}/__emulator/orders`;
    const lines = [{ ticketTypeId: 'none', quantity: 1 }];
    for (const eventId of ['none', cast.events.seated]) {
      expect((await send(url, 'POST', { eventId, lines })).status).toBe(404);
    }
    expect((await send(url, 'POST', { lines })).status).toBe(422);
  });
});

describe('the user directory', () => {
  it('knows everyone of the cast', async () => {
    const directory = `${platform.users.baseUrl}/api/v1/users`;
    const { stranger, ...ours } = cast.users;
    for (const id of Object.values(ours)) {
      const { body } = await get(`${directory}/${id}`);
      expect(user.parse(body).id).toBe(id);
    }
    expect((await get(`${directory}/${stranger}`)).status).toBe(404);
    expect((await get(`${directory}/${stranger}`, cast.otherTenantId)).status).toBe(200);
  });

  it('takes new ones', async () => {
    const url = `${platform.users.baseUrl}/__emulator/users`;
    const { body } = await send(url, 'POST', { email: 'casey@example.com' }, cast.otherTenantId);
    const { id } = user.parse(body);
    const found = await get(`${platform.users.baseUrl}/api/v1/users/${id}`, cast.otherTenantId);
    expect(found.body).toEqual(body);
  });
});

describe('any of them', () => {
  it('refuses what is no JSON, no URL and no route', async () => {
    const { baseUrl } = platform.users;
    const broken = await fetch(`${baseUrl}/__emulator/users`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
    expect((await get(`${baseUrl}/api/v1/users/%E0`)).status).toBe(400);
    expect((await get(`${baseUrl}/api/v1/users/`)).status).toBe(404);
  });

  it('still knows everything after a restart', async () => {
    const before = platform.catalogOf(cast.tenantId);
    const { id } = platform.tickets.createVenue({ name: 'The last one' });
    await platform.close();
    platform = await startPlatform({ cast, stateFile });
    expect(platform.catalogOf(cast.tenantId).events).toEqual(before.events);
    expect((await get(venueUrl(id))).body.name).toBe('The last one');
  });
});
