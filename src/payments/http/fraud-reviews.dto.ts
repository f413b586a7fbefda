import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Omittable, WholeNumber } from '../../kernel/http/index.js';
import type { ReviewPageWish } from '../infra/review-rows.js';

const PAGE = 20;

/** Which page of the queue. */
export class ListReviewsDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: PAGE })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: 'The `nextCursor` of the page before' })
  @Omittable()
  @IsUUID('all')
  cursor?: string;
}

export class DecideReviewDto {
  @ApiPropertyOptional({
    description: 'Why; kept in the audit log, so name no person',
    minLength: 1,
    maxLength: 500,
    example: 'The buyer has bought from us for years',
  })
  @Omittable()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

export function toReviewPage(query: ListReviewsDto): ReviewPageWish {
  return { limit: query.limit ?? PAGE, cursor: query.cursor ?? null };
}
