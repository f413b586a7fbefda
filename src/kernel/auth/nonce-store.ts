import { Injectable } from '@nestjs/common';
import type { Uuid } from '../ids.js';
import { Database } from '../postgres/database.js';
import { failedWith, SQLSTATE } from '../postgres/errors.js';
import { sql } from '../postgres/sql.js';

/** Remembers the nonces of internal requests for at least the signature's window. */
export abstract class NonceStore {
  /** True the first time a service uses the nonce for the tenant, false ever after. */
  abstract claim(tenantId: Uuid, service: string, nonce: string): Promise<boolean>;
}

/** Nonces in PostgreSQL: one truth for all processes. */
@Injectable()
export class PostgresNonceStore extends NonceStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async claim(tenantId: Uuid, service: string, nonce: string): Promise<boolean> {
    try {
      await this.database.transact(tenantId, [
        sql`INSERT INTO internal_nonces (tenant_id, service, nonce)
            VALUES (${tenantId}, ${service}, ${nonce})`,
      ]);
      return true;
    } catch (error) {
      if (failedWith(error, SQLSTATE.uniqueViolation)) return false;
      throw error;
    }
  }
}
