import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsUUID, Matches } from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import { ACCOUNT_PROVIDERS, type ProviderAccount } from '../infra/provider-account-rows.js';

/** docs.stripe.com/webhooks: `whsec_` and what Stripe made up. */
const WebhookSecret = () =>
  applyDecorators(
    ApiProperty({
      description: 'What the provider signs with; never answered',
      pattern: '^whsec_[A-Za-z0-9+/=_-]{16,128}$',
      writeOnly: true,
      example: 'whsec_exampleOfAnEndpointsSecret',
    }),
    Matches(/^whsec_[A-Za-z0-9+/=_-]{16,128}$/, { message: '$property is no webhook secret' }),
  );

export class AccountsOfDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Whose accounts; those of the caller’s own tenant unless told',
  })
  @Omittable()
  @IsUUID('all')
  tenantId?: string;
}

export class ProviderAccountParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61' })
  @IsUUID('all')
  id: string;
}

export class AccountSecretDto {
  @WebhookSecret()
  webhookSecret: string;
}

export class RegisterProviderAccountDto extends AccountSecretDto {
  @ApiProperty({ enum: ACCOUNT_PROVIDERS, example: 'stripe' })
  @IsIn(ACCOUNT_PROVIDERS)
  provider: ProviderAccount['provider'];

  @ApiProperty({ pattern: '^acct_[A-Za-z0-9]{1,59}$', example: 'acct_1Nv0FGQ9RKHgCVdK' })
  @Matches(/^acct_[A-Za-z0-9]{1,59}$/)
  account: string;

  @ApiProperty({ description: 'Is it about real money?', example: false })
  @IsBoolean()
  livemode: boolean;
}
