import { ApiProperty } from '@nestjs/swagger';

/** `GET /health` (Payment service spec, Health Check). */
export class HealthView {
  @ApiProperty({ enum: ['healthy', 'degraded', 'unhealthy'], example: 'healthy' })
  status: string;
  @ApiProperty({ example: 'payment-service' })
  service: string;
  @ApiProperty({ format: 'date-time' })
  timestamp: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { database: 'healthy', redis: 'not_configured', processor: 'stripe' },
  })
  components: Record<string, string | null>;
}

/** `GET /health/live`. */
export class LivenessView {
  @ApiProperty({ example: 'ok' })
  status: string;
}

/** `GET /health/ready` and `/health/db`: Terminus' report. */
export class ReadinessView {
  @ApiProperty({ enum: ['ok', 'degraded', 'error', 'shutting_down'], example: 'ok' })
  status: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: true },
    example: { database: { status: 'up' }, migrations: { status: 'up', pending: 0 } },
  })
  details: Record<string, unknown>;
}

/** `GET /info` (Payment service spec, Service Info). */
export class InfoView {
  @ApiProperty({ example: 'payment-service' })
  service: string;
  @ApiProperty({ example: '1.0.0' })
  version: string;
  @ApiProperty({ example: 3005 })
  port: number;
  @ApiProperty({ type: String, nullable: true, example: 'stripe' })
  processor: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { stripe: true, square: false, webhooks: true, queueDashboard: null },
  })
  features: Record<string, unknown>;
  @ApiProperty({ example: 'running' })
  status: string;
}
