import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type { Uuid } from '../ids.js';
import { Database } from '../postgres/database.js';
import { type Statement, statement } from '../postgres/sql.js';
import { Vault } from './vault.js';

/** Where ciphertexts of the vault lie. Names are source code and become SQL as they stand. */
export interface SealedColumn {
  readonly table: string;
  /** The columns that, beside `tenant_id`, name a row. */
  readonly row: readonly string[];
  readonly keyId: string;
  readonly ciphertext: string;
  /** What the row's ciphertext is bound to. */
  context(row: SealedRow): string;
}

/** A row of such a table: its tenant, what names it, its key and its ciphertext. */
export type SealedRow = Readonly<Record<string, unknown>> & { readonly tenant_id: Uuid };

const BATCH = 100;

/**
 * Seals anew, every hour, what an older key of the vault has sealed, so that a key which was
 * replaced can be taken out of `VAULT_KEYS`. Any number of processes may be at it.
 */
@Injectable()
export class Resealing {
  private readonly log = new Logger(Resealing.name);
  private readonly columns: SealedColumn[] = [];

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** To be called by whoever keeps something in the vault. */
  add(column: SealedColumn): void {
    this.columns.push(column);
  }

  @Cron('0 17 * * * *', { name: 'resealing' })
  async runDue(): Promise<void> {
    try {
      const sealed = await this.run();
      if (sealed > 0) this.log.log(`${sealed} values were sealed with the newest vault key`);
    } catch (error) {
      this.log.error(`values sealed with older vault keys are left as they are: ${String(error)}`);
    }
  }

  /** Answers how many values it sealed anew; one that changed meanwhile keeps its newer value. */
  async run(): Promise<number> {
    let sealed = 0;
    for (const column of this.columns) {
      for (let rows = await this.stale(column); rows.length > 0;) {
        const batch = await this.resealAll(column, rows);
        sealed += batch;
        // What no key opens would be found for ever.
        rows = batch > 0 && rows.length === BATCH ? await this.stale(column) : [];
      }
    }
    return sealed;
  }

  private async stale(column: SealedColumn): Promise<readonly SealedRow[]> {
    const [found] = await this.database.asWorker([staleReading(column, this.vault.olderKeys)]);
    return (found?.rows ?? []) as SealedRow[];
  }

  private async resealAll(column: SealedColumn, rows: readonly SealedRow[]): Promise<number> {
    let sealed = 0;
    for (const row of rows) {
      const resealed = this.reseal(column, row);
      if (!resealed) continue;
      const [updated] = await this.database.transact(row.tenant_id, [resealed]);
      sealed += updated?.rowCount ?? 0;
    }
    return sealed;
  }

  /** Nothing where no key opens it: the others are sealed anew all the same. */
  private reseal(column: SealedColumn, row: SealedRow): Statement | undefined {
    try {
      return this.resealing(column, row);
    } catch (error) {
      const names = column.row.map((name) => String(row[name])).join(' ');
      this.log.error(`${column.table} ${names}, ${column.ciphertext}: ${String(error)}`);
      return undefined;
    }
  }

  private resealing(column: SealedColumn, row: SealedRow): Statement {
    const { table, keyId, ciphertext } = column;
    const context = column.context(row);
    const before = { keyId: row[keyId] as string, ciphertext: row[ciphertext] as Buffer };
    const after = this.vault.encrypt(this.vault.decrypt(before, context), context);
    const key = column.row.map((name, index) => `AND ${name} = $${index + 5}`).join(' ');
    return statement(
      `UPDATE ${table} SET ${keyId} = $1, ${ciphertext} = $2
       WHERE tenant_id = $3 AND ${ciphertext} = $4 ${key}`,
      [
        after.keyId,
        after.ciphertext,
        row.tenant_id,
        before.ciphertext,
        ...column.row.map((name) => row[name]),
      ],
    );
  }
}

function staleReading(column: SealedColumn, olderKeys: readonly string[]): Statement {
  const { table, row, keyId, ciphertext } = column;
  return statement(
    `SELECT tenant_id, ${[...row, keyId, ciphertext].join(', ')} FROM ${table}
     WHERE ${keyId} = ANY($1::text[]) LIMIT ${BATCH}`,
    [olderKeys],
  );
}
