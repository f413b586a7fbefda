import { CARDS } from './cards.js';
import type { Cast, UserName } from './cast.js';
import type { ChainsDescription } from './chains/index.js';
import type { Platform } from './platform/index.js';
import type { Event, Venue } from './platform/shapes.js';
import { INTERNAL_SERVICE, type WorldSecrets } from './secrets.js';

interface CatalogView {
  readonly venues: readonly Venue[];
  readonly events: readonly EventView[];
}

type EventView = Pick<Event, 'id' | 'venueId' | 'name' | 'startsAt' | 'highDemand'> & {
  readonly ticketTypes: readonly Omit<Event['ticketTypes'][number], 'capacity'>[];
};

/** What a newcomer or a script needs to know of a world, apart from the application's own URL. */
export interface WorldDescription extends CatalogView {
  readonly databaseUrl: string;
  readonly tenantId: string;
  readonly otherTenantId: string;
  readonly users: Readonly<Record<UserName, string>>;
  readonly internal: { readonly service: string; readonly secret: string };
  /** What the other tenant owns: to try what must not be reachable. */
  readonly otherTenant: CatalogView;
  readonly cards: typeof CARDS;
  readonly stripe: {
    readonly baseUrl: string;
    readonly secretKey: string;
    readonly webhookSecret: string;
  };
  /** Base URLs of the emulators by name. */
  readonly emulators: Readonly<Record<string, string>>;
  /** Absent where none was to be started. */
  readonly chains?: ChainsDescription;
}

export interface DescribedParts {
  readonly databaseUrl: string;
  readonly cast: Cast;
  readonly secrets: WorldSecrets;
  readonly platform: Platform;
  readonly stripeBaseUrl: string;
  readonly mailboxUrl: string;
  readonly priceFeedUrl: string;
}

/** Describes a running world; of its events only those that exist from the first start on. */
export function describeWorld(parts: DescribedParts): WorldDescription {
  const { databaseUrl, cast, secrets, platform, stripeBaseUrl, mailboxUrl, priceFeedUrl } = parts;
  return {
    databaseUrl,
    tenantId: cast.tenantId,
    otherTenantId: cast.otherTenantId,
    users: cast.users,
    internal: { service: INTERNAL_SERVICE, secret: secrets.internal[INTERNAL_SERVICE] ?? '' },
    ...catalogView(cast.tenantId, parts),
    otherTenant: catalogView(cast.otherTenantId, parts),
    cards: CARDS,
    stripe: {
      baseUrl: stripeBaseUrl,
      secretKey: secrets.stripeSecretKey,
      webhookSecret: secrets.stripeWebhookSecret,
    },
    emulators: {
      stripe: stripeBaseUrl,
      ticketCatalog: platform.tickets.baseUrl,
      orderCatalog: platform.orders.baseUrl,
      userDirectory: platform.users.baseUrl,
      mailbox: mailboxUrl,
      priceFeed: priceFeedUrl,
    },
  };
}

/** The same world with chains in it. */
export function withChains(world: WorldDescription, chains: ChainsDescription): WorldDescription {
  const { polygon, solana } = chains;
  const nodes = {
    ...(polygon && { polygon: polygon.rpcUrl }),
    ...(solana && { solana: solana.rpcUrl }),
  };
  return { ...world, emulators: { ...world.emulators, ...nodes }, chains };
}

function catalogView(tenantId: string, { cast, platform }: DescribedParts): CatalogView {
  const known = new Set<string>([...Object.values(cast.venues), ...Object.values(cast.events)]);
  const { venues, events } = platform.catalogOf(tenantId);
  return {
    venues: venues.filter(({ id }) => known.has(id)),
    events: events.filter(({ id }) => known.has(id)).map(eventView),
  };
}

function eventView({ id, venueId, name, startsAt, highDemand, ticketTypes }: Event): EventView {
  return {
    id,
    venueId,
    name,
    startsAt,
    highDemand,
    ticketTypes: ticketTypes.map((type) => ({
      id: type.id,
      name: type.name,
      priceCents: type.priceCents,
      seated: type.seated,
    })),
  };
}
