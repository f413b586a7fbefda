import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { CARDS } from '../../src/sandbox/cards.js';
import type { UserName } from '../../src/sandbox/cast.js';
import { Client } from './client.js';
import type { TestWorld } from './world.js';

export const PROCESS = '/api/v1/payments/process';
export const CHARGE = '/api/payments/charge';

/** What a test wants of an event; everything else is filled in. */
export interface EventWish {
  readonly priceCents?: number;
  readonly capacity?: number;
  readonly seated?: boolean;
  /** Its buyers come through the waiting room. */
  readonly highDemand?: boolean;
  /** A venue of its own unless one is named. */
  readonly venueId?: string;
}

/** An event with one ticket type. */
export interface OneTypeEvent {
  readonly id: string;
  readonly venueId: string;
  readonly typeId: string;
  readonly priceCents: number;
}

/** What a test wants of an order; everything else is filled in. */
export interface OrderWish {
  readonly quantity?: number;
  readonly seats?: readonly string[];
  readonly card?: string;
  readonly rest?: Readonly<Record<string, unknown>>;
}

/** Events to sell, people to buy, and what they send. */
export class Shop {
  constructor(private readonly world: TestWorld) {}

  /** An event nobody has bought of, at a venue that has sold nothing. */
  event(wish: EventWish = {}): OneTypeEvent {
    const { priceCents = 5_000, capacity = 1_000, seated = false, highDemand = false } = wish;
    const venueId = wish.venueId ?? this.world.tickets.createVenue().id;
    const made = this.world.tickets.createEvent({
      venueId,
      capacity,
      highDemand,
      ticketTypes: [{ name: 'Any', priceCents, capacity, seated }],
    });
    const typeId = made.ticketTypes[0]?.id ?? '';
    return { id: made.id, venueId, typeId, priceCents };
  }

  /** Somebody of the main tenant, whom nobody has met unless `userId` says so. */
  async buyer(url: string, userId: string = newId()): Promise<Client> {
    const { tenantId } = this.world.cast;
    return new Client(
      url,
      await this.world.mintToken({ sub: userId, tenantId, roles: ['user'], venues: [] }),
    );
  }

  /** Somebody of the cast. */
  async as(url: string, name: UserName): Promise<Client> {
    return new Client(url, (await this.world.identities.tokens())[name]);
  }

  buyers(url: string, count: number): Promise<Client[]> {
    return Promise.all(Array.from({ length: count }, () => this.buyer(url)));
  }
}

/** The body of a purchase of `event`. */
export function orderOf(event: OneTypeEvent, wish: OrderWish = {}): Record<string, unknown> {
  const { seats, quantity = seats?.length ?? 1, card = CARDS.ok, rest = {} } = wish;
  const line = { ticketTypeId: event.typeId, quantity, price: event.priceCents };
  return {
    venueId: event.venueId,
    eventId: event.id,
    tickets: [seats === undefined ? line : { ...line, seatNumbers: seats }],
    paymentMethod: { type: 'card', paymentMethodId: card },
    ...rest,
  };
}

export const newKey = (): string => randomUUID();

/** Whatever has a database: a world, or a copy of one's. */
interface WithDatabase {
  readonly description: { readonly databaseUrl: string };
}

/** Reads and changes the world's database as its superuser, past row-level security. */
export async function query(
  world: WithDatabase,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(world.description.databaseUrl);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** What the janitor asks the provider about. */
const WAITING = [
  'payment_intents',
  'payment_refunds',
  'payment_operations',
  'dispute_evidence_operations',
];

/** Moves the clock on, as far as waiting is concerned: leases are over, the janitor's rows are due. */
export async function letTimePass(world: WithDatabase): Promise<void> {
  await query(
    world,
    `UPDATE payment_idempotency SET lease_until = now() WHERE lease_until > now()`,
  );
  for (const table of WAITING) {
    await query(world, `UPDATE ${table} SET next_attempt_at = now() WHERE next_attempt_at > now()`);
  }
}

const PATIENCE_MS = 20_000;

/** Asks until the answer is there, and answers it; fails after twenty seconds unless told otherwise. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  what = 'it',
  patienceMs = PATIENCE_MS,
): Promise<Exclude<T, null | undefined | false>> {
  for (const end = Date.now() + patienceMs; Date.now() < end;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) {
      return answer as Exclude<T, null | undefined | false>;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited for ${what} in vain`);
}
