import { newId, type Uuid } from '../../src/kernel/ids.js';
import { DEFAULT_SETTINGS } from '../../src/venues/domain/settings.js';
import { startVenuesWorld, type VenuesWorld } from './venues-world.js';

const NOW = new Date();
const TOMORROW = new Date(NOW.getTime() + 86_400_000).toISOString();
const URL = '/api/v1/settings';

let world: VenuesWorld;
let admin: { authorization: string };
const adminId = newId();

beforeAll(async () => {
  world = await startVenuesWorld(NOW);
  admin = await world.token({ sub: adminId, roles: ['admin'] });
});
afterAll(() => world.close());

async function send(method: 'GET' | 'PUT', url: string, payload?: object, headers = admin) {
  const response = await world.app.inject({ method, url, headers, ...(payload && { payload }) });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}
const get = (url = URL, headers = admin) => send('GET', url, undefined, headers);
const put = (payload: object, headers = admin) => send('PUT', URL, payload, headers);

async function otherTenant(): Promise<{ authorization: string }> {
  return world.token({ tenantId: newId(), roles: ['admin'] });
}

it('answers the defaults where the tenant has decided nothing', async () => {
  expect(await get(URL, await otherTenant())).toEqual({
    status: 200,
    body: { at: NOW.toISOString(), effective: DEFAULT_SETTINGS, own: {}, scheduled: [] },
  });
});

it('holds for every venue and event that does not decide otherwise, and for no other tenant', async () => {
  const venueId: Uuid = world.platform.tickets.createVenue().id;
  const eventId: Uuid = world.platform.tickets.createEvent({ venueId }).id;
  const settings = { blockchain: 'solana', purchaseLimits: { perUser: 20, perAddress: 40 } };
  const changed = await put({ settings });
  expect(changed).toMatchObject({ status: 200, body: { own: settings, effective: settings } });
  expect((await get()).body).toEqual(changed.body);
  await send('PUT', `/api/v1/venues/${venueId}/settings`, {
    settings: { purchaseLimits: { perAddress: 9 } },
  });
  expect((await get(`/api/v1/events/${eventId}/settings`)).body).toMatchObject({
    own: {},
    effective: {
      blockchain: 'solana',
      purchaseLimits: { perUser: 20, perPaymentMethod: 4, perAddress: 9 },
    },
  });
  expect((await get(URL, await otherTenant())).body).toMatchObject({ effective: DEFAULT_SETTINGS });
});

it('is dated, and keeps who changed what', async () => {
  await put({ settings: { groupExpiryMinutes: 15 } });
  const later = { groupExpiryMinutes: 45 };
  const { body } = await put({ settings: later, effectiveFrom: TOMORROW });
  expect(body).toMatchObject({
    effective: { groupExpiryMinutes: 15 },
    scheduled: [{ effectiveFrom: TOMORROW, changedBy: adminId, after: later }],
  });
  const { history } = (await get(`${URL}?history=true&limit=1`)).body as { history: unknown };
  expect(history).toMatchObject([{ before: { groupExpiryMinutes: 15 }, after: later }]);
});

it('needs no ticket service', async () => {
  world.platform.tickets.setOutage('down');
  try {
    expect((await get()).status).toBe(200);
    expect((await put({ settings: {} })).status).toBe(200);
  } finally {
    world.platform.tickets.setOutage('none');
  }
});

it('is refused to everybody but admins, and what makes no sense to them', async () => {
  for (const role of ['user', 'venue_owner', 'venue_manager', 'reviewer', 'researcher'] as const) {
    const headers = await world.token({ roles: [role] });
    expect((await get(URL, headers)).status).toBe(403);
    expect((await put({ settings: {} }, headers)).status).toBe(403);
  }
  const refused = await put({ settings: { purchaseLimits: { perUser: 0 } } });
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'settings.purchaseLimits.perUser' }] },
  });
});
