import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors, DEFAULT_PAGE, PageDto } from '../../kernel/http/index.js';
import { ChangeEndpoint } from '../commands/change-endpoint.js';
import { CreateEndpoint } from '../commands/create-endpoint.js';
import { RedeliverRange } from '../commands/redeliver-range.js';
import { RemoveEndpoint } from '../commands/remove-endpoint.js';
import { RotateSecret } from '../commands/rotate-secret.js';
import { SendTest } from '../commands/send-test.js';
import { GetEndpoint } from '../queries/get-endpoint.js';
import { ListEndpoints } from '../queries/list-endpoints.js';
import { RedeliverRangeDto, toRange } from './webhook-deliveries.dto.js';
import { deliveryView, RedeliveredView, WebhookDeliveryView } from './webhook-deliveries.view.js';
import {
  ChangeWebhookEndpointDto,
  CreateWebhookEndpointDto,
  toEndpointChange,
  toEndpointWish,
  WebhookParams,
} from './webhook-endpoints.dto.js';
import {
  endpointsView,
  endpointView,
  secretView,
  WebhookEndpointSecretView,
  WebhookEndpointsView,
  WebhookEndpointView,
} from './webhook-endpoints.view.js';

@ApiTags('Webhooks')
@Roles('admin')
@Controller('api/v1/webhooks/endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Hear of events from now on',
    description:
      'Messages are signed as standardwebhooks.com says; any 2xx within five seconds accepts one, ' +
      'else it is tried ten times over three days. 410 disables the endpoint. Messages may come ' +
      'twice and in any order: `id` and `sequence` tell.',
  })
  @ApiCreatedResponse({ type: WebhookEndpointSecretView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body() body: CreateWebhookEndpointDto,
  ): Promise<WebhookEndpointSecretView | Refusal> {
    const command = new CreateEndpoint(principal, toEndpointWish(body));
    return secretView(await this.commands.execute(command));
  }

  @Get()
  @ApiOperation({ summary: 'Where the tenant hears of events' })
  @ApiOkResponse({ type: WebhookEndpointsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() { limit = DEFAULT_PAGE, cursor }: PageDto,
  ): Promise<WebhookEndpointsView> {
    const page = { limit, ...(cursor && { before: cursor }) };
    return endpointsView(await this.queries.execute(new ListEndpoints(tenantId, page)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One endpoint, and whether anything arrives there' })
  @ApiOkResponse({ type: WebhookEndpointView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookEndpointView | Refusal> {
    return endpointView(await this.queries.execute(new GetEndpoint(tenantId, id)));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change an endpoint, disable it, or enable it again' })
  @ApiOkResponse({ type: WebhookEndpointView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
    @Body() body: ChangeWebhookEndpointDto,
  ): Promise<WebhookEndpointView | Refusal> {
    const command = new ChangeEndpoint(principal, id, toEndpointChange(body));
    return endpointView(await this.commands.execute(command));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Remove an endpoint; answers what it was' })
  @ApiOkResponse({ type: WebhookEndpointView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookEndpointView | Refusal> {
    return endpointView(await this.commands.execute(new RemoveEndpoint(principal, id)));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'A new secret; the one before signs beside it for 24 hours' })
  @ApiOkResponse({ type: WebhookEndpointSecretView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async rotate(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookEndpointSecretView | Refusal> {
    return secretView(await this.commands.execute(new RotateSecret(principal, id)));
  }

  @Post(':id/test')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send `webhook.test` to an endpoint; the delivery tells how it went' })
  @ApiAcceptedResponse({ type: WebhookDeliveryView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async test(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookDeliveryView | Refusal> {
    return deliveryView(await this.commands.execute(new SendTest(principal, id)));
  }

  @Post(':id/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send again what an endpoint’s log has of a time' })
  @ApiAcceptedResponse({ type: RedeliveredView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  redeliver(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
    @Body() body: RedeliverRangeDto,
  ): Promise<RedeliveredView | Refusal> {
    return this.commands.execute(new RedeliverRange(principal, toRange(id, body)));
  }
}
