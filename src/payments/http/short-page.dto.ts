import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min } from 'class-validator';
import { Omittable, WholeNumber } from '../../kernel/http/index.js';

/** How many cases are answered when nobody says: each is for a person to look at. */
export const SHORT_PAGE = 20;

/** Which page of a list of cases. */
export class ShortPageDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: SHORT_PAGE })
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
