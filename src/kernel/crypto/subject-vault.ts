import { Injectable } from '@nestjs/common';
import type { Uuid } from '../ids.js';
import { Database } from '../postgres/database.js';
import { sql, type Statement } from '../postgres/sql.js';
import { Resealing } from './resealing.js';
import { Vault } from './vault.js';

/** Personal data of one subject, by field name: `{email, name, address}`. */
export type SubjectFields = Readonly<Record<string, string>>;

interface Row {
  readonly field: string;
  readonly key_id: string;
  readonly ciphertext: Buffer;
}

/**
 * Where names, addresses and e-mail live: as ciphertext, per tenant, subject and field. Everything
 * else (events, outbox, webhooks, logs) carries only the subject's id, so that erasing a person is
 * deleting these rows.
 */
@Injectable()
export class SubjectVault {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    resealing: Resealing,
  ) {
    resealing.add({
      table: 'subject_vault',
      row: ['subject_id', 'field'],
      keyId: 'key_id',
      ciphertext: 'ciphertext',
      context: ({ tenant_id: tenantId, subject_id: subjectId, field }) =>
        contextOf(tenantId, subjectId as Uuid, field as string),
    });
  }

  /** The statement that stores or replaces the fields, for a transaction that does more. */
  putting(tenantId: Uuid, subjectId: Uuid, fields: SubjectFields): Statement {
    const names = Object.keys(fields);
    const sealed = Object.entries(fields).map(([field, value]) =>
      this.vault.encrypt(value, contextOf(tenantId, subjectId, field)),
    );
    return sql`
      INSERT INTO subject_vault (tenant_id, subject_id, field, key_id, ciphertext, updated_at)
      SELECT ${tenantId}::uuid, ${subjectId}::uuid, f.field, f.key_id, f.ciphertext, now()
        FROM unnest(${names}::text[], ${sealed.map((s) => s.keyId)}::text[],
                    ${sealed.map((s) => s.ciphertext)}::bytea[]) AS f(field, key_id, ciphertext)
      ON CONFLICT (tenant_id, subject_id, field) DO UPDATE
        SET key_id = excluded.key_id, ciphertext = excluded.ciphertext, updated_at = now()`;
  }

  async put(tenantId: Uuid, subjectId: Uuid, fields: SubjectFields): Promise<void> {
    await this.database.transact(tenantId, [this.putting(tenantId, subjectId, fields)]);
  }

  /** All fields of the subject; `{}` when nothing is known or it was erased. Throws `VaultError`. */
  async get(tenantId: Uuid, subjectId: Uuid): Promise<SubjectFields> {
    return this.open(tenantId, subjectId, await this.rows(tenantId, subjectId));
  }

  /** Deletes everything known about the subject (GDPR art. 17); repeating it changes nothing. */
  async erase(tenantId: Uuid, subjectId: Uuid): Promise<void> {
    await this.database.transact(tenantId, [
      sql`DELETE FROM subject_vault WHERE tenant_id = ${tenantId} AND subject_id = ${subjectId}`,
    ]);
  }

  private async rows(tenantId: Uuid, subjectId: Uuid): Promise<Row[]> {
    const [result] = await this.database.read(tenantId, [
      sql`SELECT field, key_id, ciphertext FROM subject_vault
           WHERE tenant_id = ${tenantId} AND subject_id = ${subjectId}`,
    ]);
    return (result?.rows ?? []) as Row[];
  }

  private open(tenantId: Uuid, subjectId: Uuid, rows: readonly Row[]): SubjectFields {
    const fields = rows.map(({ field, key_id: keyId, ciphertext }) => {
      const context = contextOf(tenantId, subjectId, field);
      return [field, this.vault.decrypt({ keyId, ciphertext }, context)] as const;
    });
    return Object.fromEntries(fields);
  }
}

function contextOf(tenantId: Uuid, subjectId: Uuid, field: string): string {
  return `subject:${tenantId}:${subjectId}`.toLowerCase() + `:${field}`;
}
