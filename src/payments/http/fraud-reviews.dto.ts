import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import type { ReviewPageWish } from '../infra/review-rows.js';
import { SHORT_PAGE, ShortPageDto } from './short-page.dto.js';

/** Which page of the queue. */
export class ListReviewsDto extends ShortPageDto {}

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
  return { limit: query.limit ?? SHORT_PAGE, cursor: query.cursor ?? null };
}
