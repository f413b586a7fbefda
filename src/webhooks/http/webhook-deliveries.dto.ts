import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { DEFAULT_PAGE, IsInstant, Omittable, PageDto } from '../../kernel/http/index.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../domain/delivery.js';
import type { DeliveryFilter } from '../infra/delivery-rows.js';
import type { RedeliveryRange } from '../infra/redelivery-rows.js';

const TYPE = '^[a-z][a-z0-9_]{0,31}(\\.[a-z0-9_]{1,32}){1,3}$';

const Instant = (description: string) =>
  applyDecorators(
    ApiProperty({ format: 'date-time', description, example: '2026-01-12T10:00:00Z' }),
    IsInstant(),
  );

/** Which deliveries, and which page of them. */
export class ListDeliveriesDto extends PageDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only to this endpoint' })
  @Omittable()
  @IsUUID('all')
  endpointId?: string;

  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @Omittable()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({ example: 'payment.completed', pattern: TYPE })
  @Omittable()
  @IsString()
  @Matches(new RegExp(TYPE), { message: `must match ${TYPE}` })
  eventType?: string;
}

/** What to send again. */
export class RedeliverRangeDto {
  @Instant('The first instant at which a delivery began that is meant')
  from: string;

  @Instant('The first instant no longer meant')
  to: string;

  @ApiPropertyOptional({
    description: 'Only these types',
    type: [String],
    maxItems: 50,
    example: ['payment.completed'],
  })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  eventTypes?: string[];

  @ApiPropertyOptional({ format: 'uuid', description: "The previous answer's nextCursor" })
  @Omittable()
  @IsUUID('all')
  cursor?: string;
}

export function toDeliveryFilter(dto: ListDeliveriesDto): DeliveryFilter {
  const { limit = DEFAULT_PAGE, cursor, endpointId, status, eventType } = dto;
  return {
    limit,
    ...(cursor && { before: cursor }),
    ...(endpointId && { endpointId }),
    ...(status && { status }),
    ...(eventType && { eventType }),
  };
}

export function toRange(endpointId: string, dto: RedeliverRangeDto): RedeliveryRange {
  const { from, to, eventTypes, cursor } = dto;
  return {
    endpointId,
    from: new Date(from),
    to: new Date(to),
    ...(eventTypes && { eventTypes }),
    ...(cursor && { after: cursor }),
  };
}
