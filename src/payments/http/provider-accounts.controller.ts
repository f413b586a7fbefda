import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { RegisterProviderAccount } from '../commands/register-provider-account.js';
import { RemoveProviderAccount } from '../commands/remove-provider-account.js';
import { RotateAccountSecret } from '../commands/rotate-account-secret.js';
import { ListProviderAccounts } from '../queries/list-provider-accounts.js';
import {
  AccountSecretDto,
  AccountsOfDto,
  ProviderAccountParams,
  RegisterProviderAccountDto,
} from './provider-accounts.dto.js';
import {
  accountsView,
  accountView,
  ProviderAccountsView,
  ProviderAccountView,
} from './provider-accounts.view.js';

/**
 * For the platform's operators: every account is one more secret that whatever nobody has signed is
 * tried with, so that a tenant with many would make forgeries dear for all.
 */
@ApiTags('Administration')
@Roles('platform_admin')
@Controller('admin/provider-accounts')
export class ProviderAccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A tenant’s accounts at providers, beside the configured one' })
  @ApiOkResponse({ type: ProviderAccountsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() of: AccountsOfDto,
  ): Promise<ProviderAccountsView> {
    const asked = new ListProviderAccounts(of.tenantId ?? tenantId);
    return accountsView(await this.queries.execute(asked));
  }

  @Post()
  @ApiOperation({
    summary: 'Take events of an account at a provider',
    description:
      'An event that the secret proves is of this account, and of this tenant: one about another ' +
      'tenant’s payment, another account or the other mode is set aside for a person. Of the ' +
      'platform’s own accounts, which tenants share, an event may be about any payment.',
  })
  @ApiCreatedResponse({ type: ProviderAccountView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async register(
    @CurrentPrincipal() principal: Principal,
    @Query() { tenantId = principal.tenantId }: AccountsOfDto,
    @Body() body: RegisterProviderAccountDto,
  ): Promise<ProviderAccountView | Refusal> {
    const command = new RegisterProviderAccount(principal, tenantId, body);
    return accountView(await this.commands.execute(command));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'Another secret; the one before proves events for 24 hours more' })
  @ApiOkResponse({ type: ProviderAccountView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async rotate(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: ProviderAccountParams,
    @Query() { tenantId = principal.tenantId }: AccountsOfDto,
    @Body() { webhookSecret }: AccountSecretDto,
  ): Promise<ProviderAccountView | Refusal> {
    const command = new RotateAccountSecret(principal, { tenantId, id }, webhookSecret);
    return accountView(await this.commands.execute(command));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Take no more events of an account; answers what it was' })
  @ApiOkResponse({ type: ProviderAccountView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: ProviderAccountParams,
    @Query() { tenantId = principal.tenantId }: AccountsOfDto,
  ): Promise<ProviderAccountView | Refusal> {
    const command = new RemoveProviderAccount(principal, { tenantId, id });
    return accountView(await this.commands.execute(command));
  }
}
