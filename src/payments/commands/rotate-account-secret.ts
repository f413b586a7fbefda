import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Vault } from '../../kernel/crypto/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  ACCOUNT_GONE,
  type AccountRef,
  accountOf,
  accountReading,
  type ProviderAccount,
  rotateAccountSecret,
  secretContext,
} from '../infra/provider-account-rows.js';
import { StripeAccounts } from '../infra/stripe/accounts.js';

/** Replaces what proves an account's events; the secret of until now does for 24 hours more. Refuses `NOT_FOUND`. */
export class RotateAccountSecret extends Command<ProviderAccount | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly ref: AccountRef,
    readonly webhookSecret: string,
  ) {
    super();
  }
}

@CommandHandler(RotateAccountSecret)
export class RotateAccountSecretHandler implements ICommandHandler<RotateAccountSecret> {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly accounts: StripeAccounts,
  ) {}

  async execute(command: RotateAccountSecret): Promise<ProviderAccount | Refusal> {
    const { principal, ref, webhookSecret } = command;
    const { tenantId, id } = ref;
    const sealed = this.vault.encrypt(webhookSecret, secretContext(tenantId, id));
    try {
      const results = await this.database.transact(tenantId, [
        rotateAccountSecret(tenantId, id, sealed),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'provider_account.secret_rotated',
          object: { type: 'provider_account', id },
          before: null,
          after: null,
        }),
        accountReading(tenantId, id),
      ]);
      this.accounts.forget();
      return accountOf(results.at(-1)?.rows[0] ?? {});
    } catch (error) {
      if (asDatabaseError(error)?.detail !== ACCOUNT_GONE) throw error;
      return refuse('NOT_FOUND', 'There is no such account');
    }
  }
}
