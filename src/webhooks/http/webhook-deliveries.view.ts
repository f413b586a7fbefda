import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { OUTCOMES } from '../domain/attempt.js';
import { type Delivery, DELIVERY_STATUSES, type DeliveryReport } from '../domain/delivery.js';
import type { DeliveryPage } from '../queries/list-deliveries.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b71';
const INSTANT = '2026-01-12T10:00:00.000Z';

export class WebhookDeliveryView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61' })
  endpointId: string;

  @ApiProperty({ format: 'uuid', example: ID, description: 'The `webhook-id` of every try.' })
  eventId: string;

  @ApiProperty({ example: 'payment.completed' })
  eventType: string;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    example: 'delivered',
    description: '`skipped`: its endpoint was disabled or removed.',
  })
  status: string;

  @ApiProperty({ type: 'integer', example: 1 })
  attempts: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  nextAttemptAt: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'The endpoint answered 500' })
  lastError: string | null;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: INSTANT })
  finishedAt: string | null;
}

export class WebhookAttemptView {
  @ApiProperty({ type: 'integer', example: 1 })
  attempt: number;

  @ApiProperty({ enum: OUTCOMES, example: 'delivered' })
  outcome: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  startedAt: string;

  @ApiProperty({ type: 'integer', example: 84 })
  durationMs: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 200, description: 'Null: no answer.' })
  httpStatus: number | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  error: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'ok',
    description: 'The beginning of the answer, at most 1 kB, without secrets.',
  })
  answerExcerpt: string | null;
}

export class WebhookDeliveryReportView extends WebhookDeliveryView {
  @ApiProperty({
    example: '{"id":"01945a3c-2b7e-7c11-9a44-5d1f0c6a7b71","type":"payment.completed"}',
    description: 'What is sent, to the byte.',
  })
  body: string;

  @ApiProperty({ type: [WebhookAttemptView], description: 'The first try first.' })
  log: WebhookAttemptView[];
}

export class WebhookDeliveriesView {
  @ApiProperty({ type: [WebhookDeliveryView], description: 'The latest first.' })
  deliveries: WebhookDeliveryView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export class RedeliveredView {
  @ApiProperty({ type: 'integer', example: 12, description: 'At most 500.' })
  redelivered: number;

  @ApiPropertyOptional({ format: 'uuid', description: 'Where to go on; absent at the end.' })
  nextCursor?: string;
}

/** A delivery as it is answered; a refusal passes through. */
export function deliveryView(delivery: Delivery | Refusal): WebhookDeliveryView | Refusal {
  return isRefusal(delivery) ? delivery : viewOf(delivery);
}

export function deliveriesView({ deliveries, ...rest }: DeliveryPage): WebhookDeliveriesView {
  return { deliveries: deliveries.map(viewOf), ...rest };
}

export function reportView(report: DeliveryReport | Refusal): WebhookDeliveryReportView | Refusal {
  if (isRefusal(report)) return report;
  const { body, log, ...delivery } = report;
  const tries = log.map((each) => ({ ...each, startedAt: each.startedAt.toISOString() }));
  return { ...viewOf(delivery), body, log: tries };
}

function viewOf(delivery: Delivery) {
  const { nextAttemptAt, createdAt, finishedAt } = delivery;
  return {
    ...delivery,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
