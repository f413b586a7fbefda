import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { Redeliver } from '../commands/redeliver.js';
import { GetDelivery } from '../queries/get-delivery.js';
import { ListDeliveries } from '../queries/list-deliveries.js';
import { ListDeliveriesDto, toDeliveryFilter } from './webhook-deliveries.dto.js';
import {
  deliveriesView,
  deliveryView,
  reportView,
  WebhookDeliveriesView,
  WebhookDeliveryReportView,
  WebhookDeliveryView,
} from './webhook-deliveries.view.js';
import { WebhookParams } from './webhook-endpoints.dto.js';

@ApiTags('Webhooks')
@Roles('admin')
@Controller('api/v1/webhooks/deliveries')
export class WebhookDeliveriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was sent to whom in the last 30 days, and what of it arrived' })
  @ApiOkResponse({ type: WebhookDeliveriesView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListDeliveriesDto,
  ): Promise<WebhookDeliveriesView> {
    const asked = new ListDeliveries(tenantId, toDeliveryFilter(query));
    return deliveriesView(await this.queries.execute(asked));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A delivery: what is sent, and how each try went' })
  @ApiOkResponse({ type: WebhookDeliveryReportView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookDeliveryReportView | Refusal> {
    return reportView(await this.queries.execute(new GetDelivery(tenantId, id)));
  }

  @Post(':id/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a delivery again, whatever became of it' })
  @ApiAcceptedResponse({ type: WebhookDeliveryView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async redeliver(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: WebhookParams,
  ): Promise<WebhookDeliveryView | Refusal> {
    return deliveryView(await this.commands.execute(new Redeliver(principal, id)));
  }
}
