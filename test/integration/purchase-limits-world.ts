import pg from 'pg';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type { Refusal } from '../../src/kernel/errors.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import type { Statement } from '../../src/kernel/postgres/sql.js';
import {
  type LimitedSale,
  LimitKeys,
  limitRefusal,
  reserveLimits,
} from '../../src/waiting-room/waiting-room.contract.js';
import { freshDatabase } from '../support/database.js';

export const KEYS = new LimitKeys(['a-secret-of-today']);

export const ADDRESS = {
  line1: '116 5th Ave N',
  line2: 'Apt 4B',
  city: 'Nashville',
  state: 'TN',
  postalCode: '37203',
  country: 'US',
};

/** A sale that nothing limits but what is told otherwise. */
export function saleOf(over: Partial<LimitedSale> = {}): LimitedSale {
  return {
    tenantId: newId(),
    paymentId: newId(),
    eventId: newId(),
    quantity: 1,
    limits: { perUser: 1_000, perPaymentMethod: 1_000, perAddress: 1_000 },
    userId: newId(),
    paymentMethod: null,
    billingAddress: null,
    ...over,
  };
}

export interface LimitsWorld {
  /** As two processes of the application have it. */
  readonly databases: readonly [Database, Database];
  /** Runs as the superuser. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** Ends the application's connections. */
  readonly disconnect: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openLimitsWorld(): Promise<LimitsWorld> {
  const fresh = await freshDatabase();
  const pools: pg.Pool[] = [];
  const open = () => {
    const pool = (role: string) => new pg.Pool(connectionOptions(fresh.url, role, 8));
    const [application, worker] = [pool(APPLICATION_ROLE), pool(WORKER_ROLE)];
    pools.push(application, worker);
    return new Database(application, worker);
  };
  const onlooker = new pg.Pool({ connectionString: fresh.url, max: 1 });
  const disconnect = async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  };
  return {
    databases: [open(), open()],
    query: async (text, values = []) =>
      (await onlooker.query<Record<string, unknown>>(text, [...values])).rows,
    disconnect,
    close: async () => {
      await disconnect();
      await onlooker.end();
      await fresh.drop();
    },
  };
}

/** Reserves in a transaction of its own; undefined when it was let through. */
export async function reserve(
  database: Database,
  sale: LimitedSale,
  keys = KEYS,
  ...more: Statement[]
): Promise<Refusal | undefined> {
  try {
    await database.transact(sale.tenantId, [reserveLimits(sale, keys), ...more]);
    return undefined;
  } catch (error) {
    const refusal = limitRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}

/** `kind: reserved/confirmed` of an event's counters, in the order of the limits. */
export async function countersOf(
  world: Pick<LimitsWorld, 'query'>,
  eventId: Uuid,
): Promise<string[]> {
  const rows = await world.query(
    `SELECT kind, reserved, confirmed FROM purchase_limit_counters WHERE event_id = $1
      ORDER BY array_position('{user,payment_method,address}', kind), reserved, confirmed`,
    [eventId],
  );
  return rows.map((row) => `${String(row.kind)}: ${String(row.reserved)}/${String(row.confirmed)}`);
}
