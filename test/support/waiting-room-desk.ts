import { Admissions } from '../../src/waiting-room/infra/admissions.js';
import { type RunningApp, startApp } from './app.js';
import type { Client, Reply } from './client.js';
import { Shop } from './shop.js';

export const TERMS = { opensAt: '2031-06-01T15:00:00Z', capacity: 2, ratePerMinute: 30_000 };

export const put = (client: Client, path: string, body: object): Promise<Reply> =>
  client.send('PUT', path, JSON.stringify(body), {});
export const del = (client: Client, path: string): Promise<Reply> =>
  client.send('DELETE', path, undefined, {});

export const pathOf = (eventId: string, rest: string) => `/api/v1/waiting-room/${eventId}${rest}`;
export const adminPath = (eventId: string, rest = '') => `/admin/waiting-room/${eventId}${rest}`;

export const join = (client: Client, eventId: string): Promise<Reply> =>
  client.post(pathOf(eventId, '/join'), {});
export const statusOf = (client: Client, eventId: string): Promise<Reply> =>
  client.get(pathOf(eventId, '/status'));

/** Waiting rooms of an application without background work: it admits when it is told to. */
export class RoomDesk {
  constructor(
    private readonly running: RunningApp,
    private readonly shop: Shop,
    private readonly admin: Client,
  ) {}

  /** A room of an event of its own; answers the event. */
  async room(terms: object = {}): Promise<string> {
    const { id } = this.shop.event({ highDemand: true });
    const made = await put(this.admin, adminPath(id), { ...TERMS, ...terms });
    if (made.status !== 200) throw new Error(`no room was set up: ${made.text}`);
    return id;
  }

  async openRoom(terms: object = {}): Promise<string> {
    const eventId = await this.room(terms);
    const opened = await this.admin.post(adminPath(eventId, '/open'), {});
    if (opened.status !== 200) throw new Error(`the room did not open: ${opened.text}`);
    return eventId;
  }

  /** One pass of admission; answers how many were let in. */
  admit(eventId: string): Promise<number> {
    const { tenantId } = this.running.world.cast;
    return this.running.app.get(Admissions).admit({ tenantId, eventId });
  }
}

/** An application of its own with its desk. It makes no passes by itself. */
export async function startDesk() {
  const running = await startApp({ ROLE: 'api' });
  const shop = new Shop(running.world);
  const admin = await shop.as(running.url, 'admin');
  return { running, shop, admin, desk: new RoomDesk(running, shop, admin) };
}
