import { newId } from '../../src/kernel/ids.js';
import type { RunningApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import type { Shop } from '../support/shop.js';
import {
  adminPath,
  del,
  join,
  pathOf,
  put,
  type RoomDesk,
  startDesk,
  statusOf,
  TERMS,
} from '../support/waiting-room-desk.js';

jest.setTimeout(60_000);

let running: RunningApp;
let shop: Shop;
let admin: Client;
let desk: RoomDesk;

beforeAll(async () => {
  ({ running, shop, admin, desk } = await startDesk());
});
afterAll(() => running.close());

describe('an administrator', () => {
  it('takes a token back, and its slot with it', async () => {
    const eventId = await desk.openRoom({ capacity: 1 });
    const [first, second] = (await shop.buyers(running.url, 2)) as [Client, Client];
    const { queueId } = (await join(first, eventId)).body;
    await join(second, eventId);
    await desk.admit(eventId);
    const path = adminPath(eventId, `/access/${String(queueId)}`);
    expect((await del(admin, path)).body).toEqual({ queueId, status: 'revoked' });
    expect((await del(admin, path)).status).toBe(404);
    expect((await statusOf(first, eventId)).body.status).toBe('revoked');
    expect(await desk.admit(eventId)).toBe(1);
  });

  it('closes a room: nobody joins, nobody is admitted, until it opens again', async () => {
    const eventId = await desk.openRoom();
    const [first, second] = (await shop.buyers(running.url, 2)) as [Client, Client];
    await join(first, eventId);
    expect((await admin.post(adminPath(eventId, '/close'), {})).body.room).toBe('closed');
    expect((await join(second, eventId)).body.code).toBe('CONFLICT');
    expect(await desk.admit(eventId)).toBe(0);
    await admin.post(adminPath(eventId, '/open'), {});
    expect(await desk.admit(eventId)).toBe(1);
  });

  it('is on record with everything', async () => {
    const eventId = await desk.openRoom();
    await admin.post(adminPath(eventId, '/close'), {});
    const log = await admin.get(`/admin/audit?objectType=waiting_room&objectId=${eventId}`);
    const entries = log.body.entries as { action: string; before: object | null }[];
    expect(entries.map(({ action }) => action)).toEqual([
      ...['waiting_room.closed', 'waiting_room.opened', 'waiting_room.set_up'],
    ]);
    expect(entries.map(({ before }) => before)).toEqual([
      expect.objectContaining({ status: 'open' }),
      expect.objectContaining({ status: 'scheduled', capacity: 2 }),
      null,
    ]);
  });

  it('sets up rooms of events that the tenant has, and nobody else does', async () => {
    expect((await put(admin, adminPath(newId()), TERMS)).status).toBe(404);
    const owner = await shop.as(running.url, 'venueOwner');
    expect((await put(owner, adminPath(shop.event().id), TERMS)).status).toBe(403);
  });

  it('sets up rooms of events in high demand alone, if only from the opening on', async () => {
    const { id } = shop.event();
    const path = adminPath(id);
    const refused = await put(admin, path, TERMS);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT']);
    expect(refused.body.error).toMatch(/highDemand/);
    const later = { settings: { highDemand: true }, effectiveFrom: TERMS.opensAt };
    expect((await put(admin, `/api/v1/events/${id}/settings`, later)).status).toBe(200);
    expect((await put(admin, path, { ...TERMS, opensAt: '2031-05-31T00:00:00Z' })).status).toBe(
      409,
    );
    expect((await put(admin, path, TERMS)).status).toBe(200);
  });

  it('moves an opening until its time has come', async () => {
    const eventId = await desk.room();
    const sooner = { ...TERMS, opensAt: '2020-01-01T00:00:00Z' };
    expect((await put(admin, adminPath(eventId), sooner)).status).toBe(200);
    expect((await put(admin, adminPath(eventId), TERMS)).body.code).toBe('CONFLICT');
    expect((await put(admin, adminPath(eventId), { ...sooner, capacity: 5 })).status).toBe(200);
  });

  it.each(['9999-12-31T23:59:59-01:00', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+01:00'])(
    'is refused an instant that no calendar here has: %s',
    async (instant) => {
      const { id } = shop.event({ highDemand: true });
      const room = await put(admin, adminPath(id), { ...TERMS, opensAt: instant });
      expect([room.status, room.body.code]).toEqual([422, 'VALIDATION_ERROR']);
      const change = { settings: {}, effectiveFrom: instant };
      const settings = await put(admin, `/api/v1/events/${id}/settings`, change);
      expect([settings.status, settings.body.code]).toEqual([422, 'VALIDATION_ERROR']);
    },
  );
});

describe('a room of another tenant', () => {
  it('is not there', async () => {
    const eventId = await desk.openRoom();
    const stranger = await shop.as(running.url, 'stranger');
    expect((await join(stranger, eventId)).status).toBe(404);
    expect((await statusOf(stranger, eventId)).status).toBe(404);
    expect((await stranger.get(pathOf(eventId, '/proof'))).status).toBe(404);
    expect((await del(stranger, pathOf(eventId, ''))).status).toBe(404);
  });
});
