import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { ACCOUNT_PROVIDERS, type ProviderAccount } from '../infra/provider-account-rows.js';

const INSTANT = '2026-01-12T10:00:00.000Z';

export class ProviderAccountView {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61' })
  id: string;

  @ApiProperty({ enum: ACCOUNT_PROVIDERS, example: 'stripe' })
  provider: string;

  @ApiProperty({ example: 'acct_1Nv0FGQ9RKHgCVdK' })
  account: string;

  @ApiProperty({ example: false })
  livemode: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'Until then the secret of before the last rotation proves events too.',
  })
  previousSecretUntil: string | null;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  updatedAt: string;
}

export class ProviderAccountsView {
  @ApiProperty({ type: [ProviderAccountView], description: 'The latest first.' })
  accounts: ProviderAccountView[];
}

/** An account as it is answered; a refusal passes through. */
export function accountView(account: ProviderAccount | Refusal): ProviderAccountView | Refusal {
  return isRefusal(account) ? account : viewOf(account);
}

export function accountsView(accounts: readonly ProviderAccount[]): ProviderAccountsView {
  return { accounts: accounts.map(viewOf) };
}

function viewOf(account: ProviderAccount): ProviderAccountView {
  return {
    ...account,
    previousSecretUntil: account.previousSecretUntil?.toISOString() ?? null,
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  };
}
