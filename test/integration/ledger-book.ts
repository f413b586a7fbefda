import type pg from 'pg';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { account, type Journal, journal, postJournal } from '../../src/ledger/ledger.contract.js';
import type { OpenDatabase } from './outbox-database.js';

export const ROLL_UP = sql`SELECT ledger_roll_up()`;

/** A journal by which `cents` of tickets are pending for the venue. */
export function ticketsSold(
  venueId: Uuid,
  cents: number,
  over: Partial<Omit<Journal, 'postings'>> & { readonly code?: string } = {},
): Journal {
  const { code = 'tickets', ...rest } = over;
  return journal({
    id: newId(),
    kind: 'purchase',
    referenceId: newId(),
    currency: 'USD',
    businessDate: '2025-01-12',
    ...rest,
    postings: [
      { account: account.providerClearing('stripe'), amount: toCents(cents), code: 'charge' },
      { account: account.venue(venueId, 'pending'), amount: toCents(-cents), code },
    ],
  });
}

/** A transaction of the application that stays open for as long as a test wants. */
export class OpenTransaction {
  private constructor(private readonly client: pg.Client) {}

  static async begin(store: OpenDatabase, tenantId: Uuid): Promise<OpenTransaction> {
    const client = await store.connect();
    await client.query('SET ROLE tickettoken_app');
    await client.query('BEGIN');
    await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
    return new OpenTransaction(client);
  }

  async run({ text, values }: Statement): Promise<void> {
    await this.client.query(text, [...values]);
  }

  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.client.query(how);
    await this.client.end();
  }
}

/** Posts journals in one transaction of the tenant. */
export const post = (store: OpenDatabase, tenantId: Uuid, ...journals: Journal[]) =>
  store.database.transact(
    tenantId,
    journals.map((each) => postJournal(tenantId, each)),
  );
