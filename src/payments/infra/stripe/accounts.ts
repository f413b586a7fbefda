import { Injectable, Logger } from '@nestjs/common';
import { Resealing, type Sealed, type SealedRow, Vault } from '../../../kernel/crypto/index.js';
import type { Uuid } from '../../../kernel/ids.js';
import { Database } from '../../../kernel/postgres/database.js';
import { sql } from '../../../kernel/postgres/sql.js';
import { secretContext } from '../provider-account-rows.js';

/** For so long a process goes by what it has read: anybody may send what nobody has signed. */
const REMEMBERED_MS = 3_000;

/** An account beside the configured one, and what its events may be signed with now. */
export interface SigningAccount {
  readonly tenantId: Uuid;
  readonly account: string;
  readonly livemode: boolean;
  /** Two while one is being replaced. */
  readonly secrets: readonly string[];
}

/** The registered accounts at Stripe, of every tenant. */
@Injectable()
export class StripeAccounts {
  private readonly log = new Logger(StripeAccounts.name);
  private known: { readonly until: number; readonly accounts: Promise<SigningAccount[]> } | null =
    null;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    resealing: Resealing,
  ) {
    const context = ({ tenant_id: tenantId, id }: SealedRow) => secretContext(tenantId, id as Uuid);
    const kept = { table: 'provider_accounts', row: ['id'], context };
    resealing.add({ ...kept, keyId: 'secret_key_id', ciphertext: 'secret_ciphertext' });
    resealing.add({ ...kept, keyId: 'previous_key_id', ciphertext: 'previous_ciphertext' });
  }

  /** The oldest first, as of a few seconds ago. */
  async signing(): Promise<readonly SigningAccount[]> {
    if (!this.known || this.known.until < performance.now()) {
      const accounts = this.read();
      const known = { until: performance.now() + REMEMBERED_MS, accounts };
      this.known = known;
      // What could not be read is asked for again by the next event.
      accounts.catch(() => this.known === known && this.forget());
    }
    return this.known.accounts;
  }

  /** An account has changed in this process; the others notice within seconds. */
  forget(): void {
    this.known = null;
  }

  /** In which modes a tenant has an account: none when it is not its own. */
  async modes(tenantId: Uuid, account: string): Promise<readonly boolean[]> {
    const [found] = await this.database.asWorker([
      sql`SELECT livemode FROM provider_accounts
        WHERE tenant_id = ${tenantId} AND provider = 'stripe' AND account = ${account}`,
    ]);
    return (found?.rows ?? []).map(({ livemode }) => livemode as boolean);
  }

  private async read(): Promise<SigningAccount[]> {
    const [found] = await this.database.asWorker([
      sql`SELECT *, previous_until > now() AS overlaps FROM provider_accounts
        WHERE provider = 'stripe' ORDER BY id`,
    ]);
    return (found?.rows ?? []).map((row) => ({
      tenantId: row.tenant_id as Uuid,
      account: row.account as string,
      livemode: row.livemode as boolean,
      secrets: this.secretsOf(row),
    }));
  }

  private secretsOf(row: Readonly<Record<string, unknown>>): string[] {
    const sealed: Sealed[] = [
      { keyId: row.secret_key_id as string, ciphertext: row.secret_ciphertext as Buffer },
    ];
    if (row.overlaps === true) {
      const ciphertext = row.previous_ciphertext as Buffer;
      sealed.push({ keyId: row.previous_key_id as string, ciphertext });
    }
    const context = secretContext(row.tenant_id as Uuid, row.id as Uuid);
    return sealed.flatMap((each) => {
      try {
        return [this.vault.decrypt(each, context)];
      } catch (error) {
        // The other accounts' events are not to wait for this one's key.
        this.log.error(`a secret of ${String(row.account)} cannot be opened: ${String(error)}`);
        return [];
      }
    });
  }
}
