import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { EndpointWithSecret } from '../commands/create-endpoint.js';
import { DISABLED_REASONS, type WebhookEndpoint } from '../domain/endpoint.js';
import type { EndpointPage } from '../queries/list-endpoints.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61';
const INSTANT = '2026-01-12T10:00:00.000Z';
const MAYBE_INSTANT = { type: String, format: 'date-time', nullable: true, example: null } as const;

export class WebhookEndpointView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'https://tickets.example.com/webhooks' })
  url: string;

  @ApiProperty({ type: [String], example: ['payment.completed', 'refund.completed'] })
  eventTypes: readonly string[];

  @ApiProperty({ type: String, nullable: true, example: 'Seat map of the box office' })
  description: string | null;

  @ApiProperty({ example: true })
  enabled: boolean;

  @ApiProperty({
    enum: DISABLED_REASONS,
    nullable: true,
    example: null,
    description: '`gone`: it answered 410. `failing`: nothing had arrived for five days.',
  })
  disabledReason: string | null;

  @ApiProperty({ ...MAYBE_INSTANT, description: 'Null: the last delivery arrived.' })
  failingSince: string | null;

  @ApiProperty({
    ...MAYBE_INSTANT,
    description: 'Until then the secret of before the last rotation signs too.',
  })
  previousSecretUntil: string | null;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  updatedAt: string;
}

export class WebhookEndpointSecretView extends WebhookEndpointView {
  @ApiProperty({
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    description: 'Signs as standardwebhooks.com says. Told only now.',
  })
  secret: string;
}

export class WebhookEndpointsView {
  @ApiProperty({ type: [WebhookEndpointView], description: 'The latest first.' })
  endpoints: WebhookEndpointView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** An endpoint as it is answered; a refusal passes through. */
export function endpointView(endpoint: WebhookEndpoint | Refusal): WebhookEndpointView | Refusal {
  return isRefusal(endpoint) ? endpoint : viewOf(endpoint);
}

export function secretView(
  made: EndpointWithSecret | Refusal,
): WebhookEndpointSecretView | Refusal {
  return isRefusal(made) ? made : { ...viewOf(made.endpoint), secret: made.secret };
}

export function endpointsView({ endpoints, ...rest }: EndpointPage): WebhookEndpointsView {
  return { endpoints: endpoints.map(viewOf), ...rest };
}

function viewOf(endpoint: WebhookEndpoint) {
  const { failingSince, previousSecretUntil, createdAt, updatedAt } = endpoint;
  return {
    ...endpoint,
    enabled: endpoint.disabledReason === null,
    failingSince: failingSince?.toISOString() ?? null,
    previousSecretUntil: previousSecretUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
