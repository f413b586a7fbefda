import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
} from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { RefundWish } from '../domain/draw-up-refund.js';

/** The body of both refund routes: an amount, or tickets, or neither for all that may go back. */
export class RefundPaymentDto {
  @ApiPropertyOptional({
    description: 'Cents. Left out, with ticketIds left out: all that the policy lets back',
    type: 'integer',
    minimum: 1,
    maximum: 99_999_999,
    example: 5000,
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  amount?: number;

  @ApiPropertyOptional({
    description: 'Tickets to give back with their part of taxes and fees; not with amount',
    type: [String],
    format: 'uuid',
    maxItems: 50,
    example: ['01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23'],
  })
  @Omittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  ticketIds?: string[];

  @ApiPropertyOptional({ maxLength: 500, example: 'Customer requested cancellation' })
  @Omittable()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

/** Refuses an amount together with tickets. */
export function toRefundWish({ amount, ticketIds }: RefundPaymentDto): RefundWish | Refusal {
  if (amount !== undefined && ticketIds !== undefined) {
    return refuse('VALIDATION_ERROR', 'Validation failed', {
      errors: [{ field: 'amount', message: 'must be left out where ticketIds are given' }],
    });
  }
  return {
    amountCents: amount ?? null,
    ticketIds: ticketIds?.map((id) => id.toLowerCase()) ?? null,
  };
}
