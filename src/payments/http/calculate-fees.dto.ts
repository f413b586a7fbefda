import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { IsArray, IsInt, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { ItemsOf } from '../../kernel/http/index.js';
import { TicketLineDto } from './process-payment.dto.js';

/** The body of `POST /api/v1/payments/calculate-fees`: an amount and a count, or an event's tickets. */
export class CalculateFeesDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('all')
  venueId: string;

  @ApiPropertyOptional({
    description: 'All tickets together, in cents',
    type: 'integer',
    minimum: 0,
    maximum: 99_999_999,
    example: 10000,
  })
  @ValidateIf((body: CalculateFeesDto) => body.amount !== undefined || !body.tickets)
  @IsInt()
  @Min(0)
  @Max(99_999_999)
  amount?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, example: 2 })
  @ValidateIf((body: CalculateFeesDto) => body.ticketCount !== undefined || !body.tickets)
  @IsInt()
  @Min(1)
  @Max(500)
  ticketCount?: number;

  @ApiPropertyOptional({ format: 'uuid', description: 'Needed for `tickets` and a quote' })
  @ValidateIf((body: CalculateFeesDto) => body.eventId !== undefined)
  @IsUUID('all')
  eventId?: string;

  @ApiPropertyOptional({ type: [TicketLineDto], maxItems: 50 })
  @ValidateIf((body: CalculateFeesDto) => body.tickets !== undefined)
  @IsArray()
  @ItemsOf(() => TicketLineDto, { min: 1, max: 50 })
  tickets?: TicketLineDto[];
}
