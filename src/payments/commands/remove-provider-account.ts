import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  ACCOUNT_GONE,
  type AccountRef,
  accountOf,
  accountReading,
  deleteAccount,
  type ProviderAccount,
} from '../infra/provider-account-rows.js';
import { StripeAccounts } from '../infra/stripe/accounts.js';

/**
 * Forgets an account and its secrets; answers what it was. What it signs is refused from then on,
 * and what it has told and nobody has acted on yet is set aside. Refuses `NOT_FOUND`.
 */
export class RemoveProviderAccount extends Command<ProviderAccount | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly ref: AccountRef,
  ) {
    super();
  }
}

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such account');

@CommandHandler(RemoveProviderAccount)
export class RemoveProviderAccountHandler implements ICommandHandler<RemoveProviderAccount> {
  constructor(
    private readonly database: Database,
    private readonly accounts: StripeAccounts,
  ) {}

  async execute({ principal, ref }: RemoveProviderAccount): Promise<ProviderAccount | Refusal> {
    const { tenantId, id } = ref;
    const [found] = await this.database.read(tenantId, [accountReading(tenantId, id)]);
    if (!found?.rows[0]) return NOT_FOUND;
    const removed = accountOf(found.rows[0]);
    const { provider, account, livemode } = removed;
    try {
      await this.database.transact(tenantId, [
        deleteAccount(tenantId, id),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'provider_account.removed',
          object: { type: 'provider_account', id },
          before: { provider, account, livemode },
          after: null,
        }),
      ]);
      this.accounts.forget();
      return removed;
    } catch (error) {
      if (asDatabaseError(error)?.detail === ACCOUNT_GONE) return NOT_FOUND;
      throw error;
    }
  }
}
