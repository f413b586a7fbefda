import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { newId } from '../../src/kernel/ids.js';
import { newCast } from '../../src/sandbox/cast.js';
import { type Platform, startPlatform } from '../../src/sandbox/platform/index.js';
import { HttpTicketCatalog } from '../../src/venues/infra/http-ticket-catalog.js';
import type { TicketCatalog } from '../../src/venues/venues.contract.js';

const TIMEOUT_MS = 1_000;
const UNAVAILABLE = {
  code: 'TICKET_SERVICE_UNAVAILABLE',
  statusCode: 503,
  details: { retryAfterSeconds: 2 },
};

function catalogAt(ticketServiceUrl: string, catalogCacheMs: number): TicketCatalog {
  const unused = { tenantId: '', orderServiceUrl: '', userServiceUrl: '' };
  return new HttpTicketCatalog({
    platform: { ...unused, ticketServiceUrl, timeoutMs: TIMEOUT_MS, catalogCacheMs },
  });
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('TicketCatalog over HTTP, against the emulated ticket service', () => {
  const cast = newCast();
  const { tenantId } = cast;
  let platform: Platform;
  let catalog: TicketCatalog;

  beforeAll(async () => {
    platform = await startPlatform({ cast });
  });
  afterAll(() => platform.close());
  beforeEach(() => {
    catalog = catalogAt(platform.tickets.baseUrl, 60_000);
  });
  afterEach(() => {
    platform.tickets.setOutage('none');
  });

  it('tells an event, its prices in cents', async () => {
    const created = platform.tickets.createEvent({
      highDemand: true,
      ticketTypes: [{ name: 'Floor', priceCents: 12_345, capacity: 7, seated: true }],
    });
    const [type] = created.ticketTypes;
    expect(await catalog.event(tenantId, created.id)).toEqual({
      ...created,
      ticketTypes: [{ ...type, priceCents: 12_345n }],
    });
  });

  it('tells a venue', async () => {
    const created = platform.tickets.createVenue({ timezone: 'America/New_York' });
    expect(await catalog.venue(tenantId, created.id)).toEqual(created);
  });

  it('does not know what is not there, or is another tenant’s', async () => {
    const { id } = platform.tickets.createEvent();
    expect(await catalog.event(tenantId, newId())).toBe('not_found');
    expect(await catalog.venue(tenantId, id)).toBe('not_found');
    expect(await catalog.event(cast.otherTenantId, id)).toBe('not_found');
    expect(await catalog.event(tenantId, id)).not.toBe('not_found');
  });

  it('finds what came into being after it was asked for', async () => {
    const id = newId();
    expect(await catalog.event(tenantId, id)).toBe('not_found');
    platform.tickets.createEvent({ id });
    expect(await catalog.event(tenantId, id)).toMatchObject({ id });
  });

  it('uses an answer again until asked for a fresh one', async () => {
    const { id } = platform.tickets.createEvent({ name: 'Before' });
    await catalog.event(tenantId, id);
    platform.tickets.createEvent({ id, name: 'After' });
    expect(await catalog.event(tenantId, id)).toMatchObject({ name: 'Before' });
    expect(await catalog.event(tenantId, id, { fresh: true })).toMatchObject({ name: 'After' });
    expect(await catalog.event(tenantId, id)).toMatchObject({ name: 'After' });
  });

  it.each(['down', 'hang'] as const)('is unavailable while the service is %s', async (mode) => {
    const { id } = platform.tickets.createEvent();
    platform.tickets.setOutage(mode);
    await expect(catalog.event(tenantId, id)).rejects.toMatchObject(UNAVAILABLE);
    await expect(catalog.venue(tenantId, id)).rejects.toMatchObject(UNAVAILABLE);
    platform.tickets.setOutage('none');
    expect(await catalog.event(tenantId, id)).toMatchObject({ id });
  });

  it('never sells by an answer that has grown old, even when there is no other', async () => {
    const { id } = platform.tickets.createEvent();
    const forgetful = catalogAt(platform.tickets.baseUrl, 20);
    await forgetful.event(tenantId, id);
    await new Promise((resolve) => setTimeout(resolve, 40));
    platform.tickets.setOutage('down');
    await expect(forgetful.event(tenantId, id)).rejects.toMatchObject(UNAVAILABLE);
  });
});

describe('TicketCatalog over HTTP, against a service that misbehaves', () => {
  const id = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
  const venue = {
    id,
    name: 'Hall',
    timezone: 'America/Chicago',
    address: { street: 's', city: 'c', state: 'TN', zip: '1', country: 'US' },
  };
  const event = {
    id,
    venueId: id,
    name: 'Show',
    startsAt: '2027-01-01T01:00:00.000Z',
    timezone: 'America/Chicago',
    place: venue.address,
    capacity: 1,
    highDemand: false,
    currency: 'USD',
    ticketTypes: [{ id, name: 'GA', priceCents: 1, capacity: 1, seated: false }],
  };
  const withPrice = (priceCents: unknown) => ({
    ...event,
    ticketTypes: [{ ...event.ticketTypes[0], priceCents }],
  });
  let answer: { status: number; body: string; headers?: Record<string, string> };
  let requests: { url: string | undefined; tenant: unknown; socket: unknown }[];
  let server: Server;
  let catalog: TicketCatalog;

  beforeAll(async () => {
    server = createServer(({ url, headers, socket }, response) => {
      requests.push({ url, tenant: headers['x-tenant-id'], socket });
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    requests = [];
    catalog = catalogAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 0);
  });

  const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

  it('takes members it does not know', async () => {
    answer = ok({ ...event, place: { ...event.place, gate: 7 }, sponsor: 'x' });
    expect(await catalog.event('tenant', id)).toEqual(
      expect.objectContaining({ id, place: event.place }),
    );
    answer = ok({ ...venue, id: id.toUpperCase() });
    expect(await catalog.venue('tenant', id)).toMatchObject({ id });
  });

  it('asks for the path and tenant, over connections it keeps', async () => {
    answer = ok(event);
    for (let n = 0; n < 10; n++) await catalog.event('tenant', id);
    expect(requests[9]).toMatchObject({ url: `/api/v1/events/${id}`, tenant: 'tenant' });
    expect(new Set(requests.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
  });

  it.each([
    ['500', { ...ok(event), status: 500 }],
    ['401', { ...ok(event), status: 401 }],
    ['a redirect', { status: 302, body: '', headers: { location: '/elsewhere' } }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['a 404 of something else', { status: 404, body: '<html>' }],
    ['nothing', { status: 200, body: '' }],
    ['another event', ok({ ...event, id: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22' })],
    ['no venue', ok({ ...event, venueId: undefined })],
    ['an id that is none', ok({ ...event, venueId: 'hall' })],
    ['a fraction of a cent', ok(withPrice(10.5))],
    ['a price as text', ok(withPrice('10'))],
    ['a negative price', ok(withPrice(-1))],
    ['a price beyond every card', ok(withPrice(100_000_000))],
    ['no date', ok({ ...event, startsAt: 'soon' })],
    ['no time zone', ok({ ...event, timezone: 'Nashville' })],
    ['no currency', ok({ ...event, currency: 'dollars' })],
  ])('does not trust an answer that is %s', async (_, given) => {
    answer = given;
    await expect(catalog.event('tenant', id)).rejects.toMatchObject(UNAVAILABLE);
  });
});
