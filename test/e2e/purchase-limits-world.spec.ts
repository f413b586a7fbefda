import { DEFAULT_SETTINGS } from '../../src/venues/venues.contract.js';
import { seedTenantSettings, WIDE_LIMITS } from '../../src/sandbox/seed-tenant-settings.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';

let running: RunningApp;

beforeAll(async () => {
  running = await startApp();
});
afterAll(() => running.close());

async function limitsOf(eventId: string, tenantId: string): Promise<unknown> {
  const token = await running.world.mintToken({
    sub: running.world.cast.users.admin,
    tenantId,
    roles: ['admin'],
  });
  const admin = new Client(running.url, token);
  const { status, body } = await admin.get(`/api/v1/events/${eventId}/settings`);
  expect(status).toBe(200);
  return (body as unknown as { effective: { purchaseLimits: unknown } }).effective.purchaseLimits;
}

it('a world’s own tenant buys without noticing limits, another one by the specification’s', async () => {
  const { tenantId, otherTenantId, events } = running.world.cast;
  expect(await limitsOf(events.generalAdmission, tenantId)).toEqual(WIDE_LIMITS);
  expect(await limitsOf(events.elsewhere, otherTenantId)).toEqual({
    perUser: 4,
    perPaymentMethod: 4,
    perAddress: 8,
    maxTicketsPerOrder: 4,
  });
  expect(DEFAULT_SETTINGS.purchaseLimits).toEqual(await limitsOf(events.elsewhere, otherTenantId));
});

it('what the tenant has decided since is not undone by another start', async () => {
  const { cast, description } = running.world;
  const { tenantId, events, users } = cast;
  const token = await running.world.mintToken({ sub: users.admin, tenantId, roles: ['admin'] });
  const own = JSON.stringify({ settings: { purchaseLimits: { perUser: 7 } } });
  const changed = await new Client(running.url, token).send('PUT', '/api/v1/settings', own, {});
  expect(changed.status).toBe(200);
  await seedTenantSettings(description.databaseUrl, cast);
  expect(await limitsOf(events.generalAdmission, tenantId)).toMatchObject({ perUser: 7 });
});
