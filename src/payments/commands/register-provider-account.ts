import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Vault } from '../../kernel/crypto/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  ACCOUNT_KNOWN,
  accountOf,
  accountReading,
  insertAccount,
  MOST_ACCOUNTS,
  type ProviderAccount,
  secretContext,
  TOO_MANY_ACCOUNTS,
} from '../infra/provider-account-rows.js';
import { StripeAccounts } from '../infra/stripe/accounts.js';

export interface AccountWish extends Pick<ProviderAccount, 'provider' | 'account' | 'livemode'> {
  /** What the provider signs the account's webhooks with. */
  readonly webhookSecret: string;
}

/**
 * From now on events signed with the secret are the tenant's, and of the account. Refuses `CONFLICT`
 * when the tenant has it in that mode already, or has a hundred.
 */
export class RegisterProviderAccount extends Command<ProviderAccount | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly tenantId: Uuid,
    readonly wish: AccountWish,
  ) {
    super();
  }
}

@CommandHandler(RegisterProviderAccount)
export class RegisterProviderAccountHandler implements ICommandHandler<RegisterProviderAccount> {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly accounts: StripeAccounts,
  ) {}

  async execute(command: RegisterProviderAccount): Promise<ProviderAccount | Refusal> {
    const { principal, tenantId, wish } = command;
    const { webhookSecret, ...told } = wish;
    const id = newId();
    const secret = this.vault.encrypt(webhookSecret, secretContext(tenantId, id));
    try {
      const results = await this.database.transact(tenantId, [
        ...insertAccount(tenantId, { id, ...told, secret, createdBy: principal.userId }),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'provider_account.registered',
          object: { type: 'provider_account', id },
          before: null,
          after: told,
        }),
        accountReading(tenantId, id),
      ]);
      this.accounts.forget();
      return accountOf(results.at(-1)?.rows[0] ?? {});
    } catch (error) {
      const detail = asDatabaseError(error)?.detail;
      if (detail === ACCOUNT_KNOWN) return refuse('CONFLICT', 'The account is registered already');
      if (detail !== TOO_MANY_ACCOUNTS) throw error;
      return refuse('CONFLICT', `There are ${MOST_ACCOUNTS} accounts already`);
    }
  }
}
