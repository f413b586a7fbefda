import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { IsDay, WholeNumber } from '../../kernel/http/index.js';
import type { OrderApiStatus } from '../domain/status-names.js';

const STATUSES = ['SUCCESS', 'PENDING', 'FAILED', 'REFUNDED', 'CANCELLED'] as const;

export class ListPaymentsDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 1 })
  @ValidateIf((query: ListPaymentsDto) => query.page !== undefined)
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1000)
  page?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 10 })
  @ValidateIf((query: ListPaymentsDto) => query.limit !== undefined)
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: 'The `nextCursor` of the page before' })
  @ValidateIf((query: ListPaymentsDto) => query.cursor !== undefined)
  @IsUUID('all')
  cursor?: string;

  @ApiPropertyOptional({ enum: STATUSES })
  @ValidateIf((query: ListPaymentsDto) => query.status !== undefined)
  @IsIn(STATUSES)
  status?: OrderApiStatus;
}

export class StatisticsDto {
  @ApiPropertyOptional({ format: 'date', example: '2026-01-01' })
  @ValidateIf((query: StatisticsDto) => query.startDate !== undefined)
  @IsDay()
  startDate?: string;

  @ApiPropertyOptional({ format: 'date', example: '2026-12-31', description: 'Inclusive' })
  @ValidateIf((query: StatisticsDto) => query.endDate !== undefined)
  @IsDay()
  endDate?: string;
}
