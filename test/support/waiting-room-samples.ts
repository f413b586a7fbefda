import { Admissions } from '../../src/waiting-room/infra/admissions.js';
import type { RunningApp } from './app.js';
import { Client } from './client.js';
import type { Make, Sample } from './sample-requests.js';

interface Belongs {
  readonly running: RunningApp;
  readonly adminToken: string;
  /** An event that nobody else asks about. */
  event(): string;
  byBuyer(path: string): Sample;
  byAdmin(path: string): Sample;
}

/** Before the settings of the samples take effect, which end the high demand. */
const TERMS = { opensAt: '2031-05-01T15:00:00Z', capacity: 200, ratePerMinute: 600 };

/** One valid example of a request of every route about waiting rooms, each in a room of its own. */
export function waitingRoomSamples(scene: Belongs): Readonly<Record<string, Make>> {
  const { running, adminToken } = scene;
  const admin = new Client(running.url, adminToken);

  const send = async (client: Client, method: string, path: string, body?: object) => {
    const text = body && JSON.stringify(body);
    const reply = await client.send(method, path, text, {});
    if (reply.status !== 200) throw new Error(`${method} ${path} failed: ${reply.text}`);
    return reply.body;
  };

  /** A room that opens some day; answers its event. */
  const room = async () => {
    const eventId = scene.event();
    await send(admin, 'PUT', `/admin/waiting-room/${eventId}`, TERMS);
    return eventId;
  };

  /** A room in which a user has a place. */
  const joined = async (userId: string) => {
    const eventId = await room();
    const { tenantId } = running.world.cast;
    const token = await running.world.mintToken({ sub: userId, tenantId, roles: ['user'] });
    const client = new Client(running.url, token);
    const place = await send(client, 'POST', `/api/v1/waiting-room/${eventId}/join`, {});
    return { eventId, queueId: String(place.queueId) };
  };

  const ofPlace =
    (rest: string): Make =>
    async (userId) =>
      scene.byBuyer(`/api/v1/waiting-room/${(await joined(userId)).eventId}${rest}`);
  const ofRoom =
    (rest: string): Make =>
    async (userId) =>
      scene.byAdmin(`/admin/waiting-room/${(await joined(userId)).eventId}${rest}`);

  return {
    'GET /api/v1/waiting-room/{eventId}': async () =>
      scene.byBuyer(`/api/v1/waiting-room/${await room()}`),
    'GET /api/v1/waiting-room/{eventId}/draw': async () =>
      scene.byBuyer(`/api/v1/waiting-room/${await room()}/draw`),
    'POST /api/v1/waiting-room/{eventId}/join': async () =>
      scene.byBuyer(`/api/v1/waiting-room/${await room()}/join`),
    'GET /api/v1/waiting-room/{eventId}/status': ofPlace('/status'),
    'POST /api/v1/waiting-room/{eventId}/heartbeat': ofPlace('/heartbeat'),
    'GET /api/v1/waiting-room/{eventId}/proof': ofPlace('/proof'),
    'DELETE /api/v1/waiting-room/{eventId}': ofPlace(''),
    'PUT /admin/waiting-room/{eventId}': () => ({
      ...scene.byAdmin(`/admin/waiting-room/${scene.event()}`),
      body: TERMS,
    }),
    'GET /admin/waiting-room/{eventId}': ofRoom(''),
    'POST /admin/waiting-room/{eventId}/open': ofRoom('/open'),
    'POST /admin/waiting-room/{eventId}/close': ofRoom('/close'),
    'DELETE /admin/waiting-room/{eventId}/access/{queueId}': async (userId) => {
      const { eventId, queueId } = await joined(userId);
      await send(admin, 'POST', `/admin/waiting-room/${eventId}/open`, {});
      const { tenantId } = running.world.cast;
      await running.app.get(Admissions).admit({ tenantId, eventId });
      return scene.byAdmin(`/admin/waiting-room/${eventId}/access/${queueId}`);
    },
  };
}
