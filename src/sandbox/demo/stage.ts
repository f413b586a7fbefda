import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer of the public API, its members read as a script would. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** A member of an answer by its path: `transaction.status`. Undefined where there is none. */
export function pick(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}

/** A member that is text. Null or absent members are undefined. */
export function word(body: unknown, path: string): string | undefined {
  const value = pick(body, path);
  return typeof value === 'string' ? value : undefined;
}

export interface DemoEvent {
  readonly id: string;
  readonly venueId: string;
  readonly name: string;
  readonly ticketTypes: readonly {
    readonly id: string;
    readonly name: string;
    readonly priceCents: number;
  }[];
}

export interface Player {
  readonly id: string;
  readonly token: string;
}

/** Everything a chapter needs: the application's address, its own buyer, owner, administrator and event. */
export interface Stage {
  readonly url: string;
  readonly stripeUrl: string;
  readonly buyer: Player;
  readonly owner: Player;
  readonly admin: Player;
  readonly event: DemoEvent;
  /** Of the same venue, in high demand. */
  readonly onSale: DemoEvent;
  /** One more of the same venue. */
  readonly newEvent: (draft: object) => Promise<DemoEvent>;
  /** Somebody new. */
  readonly newPlayer: () => Promise<Player>;
}

/** Who and what a run plays with: made for it alone, so that it can be run any number of times. */
export async function setStage(
  url: string,
  controlUrl: string,
  emulators: Readonly<Record<string, string>>,
): Promise<Stage> {
  const venue = await make<{ id: string }>(`${emulators.ticketCatalog ?? ''}/__emulator/venues`, {
    name: `Demo Hall ${randomUUID().slice(0, 4)}`,
  });
  const newEvent = (draft: object) =>
    make<DemoEvent>(`${emulators.ticketCatalog ?? ''}/__emulator/events`, {
      venueId: venue.id,
      ...draft,
    });
  const event = await newEvent({
    name: 'The Ledger Sisters, live',
    ticketTypes: [
      { id: randomUUID(), name: 'Floor', priceCents: 5000, capacity: 200, seated: false },
      { id: randomUUID(), name: 'Balcony', priceCents: 8000, capacity: 50, seated: true },
    ],
  });
  const onSale = await newEvent({
    name: 'The Ledger Sisters, last night',
    highDemand: true,
    ticketTypes: [
      { id: randomUUID(), name: 'Floor', priceCents: 5000, capacity: 200, seated: false },
    ],
  });
  return {
    url,
    stripeUrl: emulators.stripe ?? '',
    buyer: await make<Player>(`${controlUrl}/users`, { roles: ['user'] }),
    owner: await make<Player>(`${controlUrl}/users`, {
      roles: ['venue_owner'],
      venues: [venue.id],
    }),
    admin: await make<Player>(`${controlUrl}/users`, { roles: ['admin'] }),
    event,
    onSale,
    newEvent,
    newPlayer: () => make<Player>(`${controlUrl}/users`, { roles: ['user'] }),
  };
}

async function make<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** As many requests as a crowd may have under way at once. */
const LANES = 64;

/** Does something with everybody, many at once, and answers in their order. */
export async function everybody<T, R>(
  people: readonly T[],
  act: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const turns = people.entries();
  const lane = async () => {
    for (const [i, one] of turns) results[i] = await act(one);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** Calls the public API as `player`; `key` makes it a request that moves money. */
export async function call(
  stage: Stage,
  player: Player,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
  key?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(`${stage.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${player.token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as unknown,
  };
}

/** The body of a purchase of floor tickets. */
export function purchase({ event }: Pick<Stage, 'event'>, card: string, quantity = 2): object {
  const [floor] = event.ticketTypes;
  return {
    venueId: event.venueId,
    eventId: event.id,
    tickets: [{ ticketTypeId: floor?.id, quantity, price: floor?.priceCents }],
    paymentMethod: { type: 'card', paymentMethodId: card },
  };
}

/** The play is a test of the application as well: what it shows must be so. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The demo expected that ${what}.`);
}

const PATIENCE_MS = 30_000;

/** Asks twice a second until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(500);
  }
  throw new Error(`The demo expected that ${what}.`);
}
