import type { Sealed } from '../../kernel/crypto/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** Providers whose accounts tenants may register. */
export const ACCOUNT_PROVIDERS = ['stripe'] as const;

/** Accounts that a tenant may have: every one is tried on an event that no other has signed. */
export const MOST_ACCOUNTS = 100;

/** What the guards below say. */
export const TOO_MANY_ACCOUNTS = 'too many provider accounts';
export const ACCOUNT_KNOWN = 'the provider account is known';
export const ACCOUNT_GONE = 'the provider account has gone';

/** How long the secret of before a rotation proves events still; Stripe rolls within a day too. */
const OVERLAP = '24 hours';

/** A tenant's account at a provider; its secrets are nobody's to see. */
export interface ProviderAccount {
  readonly id: Uuid;
  readonly provider: (typeof ACCOUNT_PROVIDERS)[number];
  /** The provider's name of it, such as `acct_1Nv0FGQ9RKHgCVdK`. */
  readonly account: string;
  readonly livemode: boolean;
  /** Until then the secret of before the last rotation proves events too. */
  readonly previousSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Names an account. */
export interface AccountRef {
  readonly tenantId: Uuid;
  readonly id: Uuid;
}

export interface NewAccount extends Pick<
  ProviderAccount,
  'id' | 'provider' | 'account' | 'livemode'
> {
  readonly secret: Sealed;
  readonly createdBy: Uuid;
}

type Row = Readonly<Record<string, unknown>>;

/** For `Vault`: a secret moved to another row opens nothing. */
export function secretContext(tenantId: Uuid, id: Uuid): string {
  // However a caller writes the ids: rows answer them in small letters.
  return `provider_account:${tenantId}:${id}`.toLowerCase();
}

export function insertAccount(tenantId: Uuid, account: NewAccount): Statement[] {
  const { id, provider, account: name, livemode, secret, createdBy } = account;
  return [
    // One after the other, so that each counts those before it.
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`provider_accounts ${tenantId}`}, 0))`,
    sql`SELECT guard((SELECT count(*) < ${MOST_ACCOUNTS} FROM provider_accounts
      WHERE tenant_id = ${tenantId}), ${TOO_MANY_ACCOUNTS})`,
    sql`
      WITH made AS (
        INSERT INTO provider_accounts (tenant_id, id, provider, account, livemode, secret_key_id,
          secret_ciphertext, created_by)
        VALUES (${tenantId}, ${id}, ${provider}, ${name}, ${livemode}, ${secret.keyId},
          ${secret.ciphertext}, ${createdBy})
        ON CONFLICT (tenant_id, provider, account, livemode) DO NOTHING RETURNING id
      )
      SELECT guard((SELECT count(*) = 1 FROM made), ${ACCOUNT_KNOWN})`,
  ];
}

export function rotateAccountSecret(tenantId: Uuid, id: Uuid, secret: Sealed): Statement {
  return sql`
    WITH changed AS (
      UPDATE provider_accounts SET previous_key_id = secret_key_id,
        previous_ciphertext = secret_ciphertext, previous_until = now() + ${OVERLAP}::interval,
        secret_key_id = ${secret.keyId}, secret_ciphertext = ${secret.ciphertext},
        updated_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM changed), ${ACCOUNT_GONE})`;
}

export function deleteAccount(tenantId: Uuid, id: Uuid): Statement {
  return sql`
    WITH gone AS (
      DELETE FROM provider_accounts WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM gone), ${ACCOUNT_GONE})`;
}

export function accountReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM provider_accounts WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** All of a tenant's, the latest first. */
export function accountsReading(tenantId: Uuid): Statement {
  return sql`SELECT * FROM provider_accounts WHERE tenant_id = ${tenantId}::uuid ORDER BY id DESC`;
}

export function accountOf(row: Row): ProviderAccount {
  return {
    id: row.id as Uuid,
    provider: row.provider as ProviderAccount['provider'],
    account: row.account as string,
    livemode: row.livemode as boolean,
    previousSecretUntil: row.previous_until as Date | null,
    createdAt: row.created_at as Date,
    updatedAt: row.updated_at as Date,
  };
}
