import '../refuse-production.js';
import type { Cast } from '../cast.js';
import { type OrderCatalogEmulator, startOrderCatalog } from './order-catalog.js';
import { seedPlatform } from './seed.js';
import type { Event, Venue } from './shapes.js';
import { PlatformState } from './state.js';
import { startTicketCatalog, type TicketCatalogEmulator } from './ticket-catalog.js';
import { startUserDirectory, type UserDirectoryEmulator } from './user-directory.js';

export interface PlatformOptions {
  readonly cast: Cast;
  /** Where the emulators keep their truth; in memory only when absent. */
  readonly stateFile?: string;
  /** What each service's webhooks are signed with; without, it takes none. */
  readonly webhookSecrets?: { readonly tickets: string; readonly orders: string };
  readonly ports?: { readonly tickets?: number; readonly orders?: number; readonly users?: number };
}

/** The platform's other services, each on a port of its own. */
export interface Platform {
  readonly tickets: TicketCatalogEmulator;
  readonly orders: OrderCatalogEmulator;
  readonly users: UserDirectoryEmulator;
  /** What a tenant's catalogue holds now, in the order of creation. */
  catalogOf(tenantId: string): { readonly venues: Venue[]; readonly events: Event[] };
  close(): Promise<void>;
}

/** Starts the emulators; seeded at the first start, as they were left at later ones. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { cast, ports = {}, webhookSecrets } = options;
  const state = new PlatformState(options.stateFile, () => seedPlatform(cast, new Date()));
  const main = { tenantId: cast.tenantId, userId: cast.users.buyer };
  const [tickets, orders, users] = await Promise.all([
    startTicketCatalog(state, cast.tenantId, webhookSecrets?.tickets, ports.tickets),
    startOrderCatalog(state, main, webhookSecrets?.orders, ports.orders),
    startUserDirectory(state, cast.tenantId, ports.users),
  ]);
  return {
    tickets,
    orders,
    users,
    catalogOf: (tenantId) => {
      const { venues, events } = state.of(tenantId);
      return { venues: Object.values(venues), events: Object.values(events) };
    },
    close: async () => {
      await Promise.all([tickets.close(), orders.close(), users.close()]);
      state.flush();
    },
  };
}
