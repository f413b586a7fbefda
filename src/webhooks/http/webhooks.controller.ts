import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiErrors, NotRateLimited, TakesRawBody } from '../../kernel/http/index.js';
import { ReceiveWebhook, type WebhookReceipt } from '../commands/receive-webhook.js';
import { WebhookReceiptView } from './webhook-receipt.view.js';

@ApiTags('Webhooks')
@Public()
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':provider')
  @HttpCode(200)
  @TakesRawBody()
  @NotRateLimited()
  @ApiOperation({
    summary: 'Takes an event of a payment provider',
    description:
      'The provider signs the bytes of the body in a header of its own (Stripe: ' +
      '`Stripe-Signature`). 200 means that the event is stored, now or before; it is acted on later.',
  })
  @ApiParam({ name: 'provider', example: 'stripe' })
  @ApiBody({
    description: 'The event as the provider shapes it, at most 256 kB',
    schema: { type: 'object', additionalProperties: true },
  })
  @ApiOkResponse({ type: WebhookReceiptView })
  @ApiErrors('BAD_REQUEST', 'INVALID_SIGNATURE', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE')
  @ApiErrors('DATABASE_UNAVAILABLE')
  receive(
    @Param('provider') provider: string,
    @Req() { rawBody, headers }: FastifyRequest,
  ): Promise<WebhookReceipt | Refusal> {
    return this.bus.execute(new ReceiveWebhook(provider, rawBody, headers));
  }
}
