import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { WholeNumber } from '../http/fields.js';
import type { OpenItemFilter } from './list-open-items.js';
import { ITEM_STATUSES, type ItemStatus } from './open-item-rows.js';

const PAGE = 50;
const KIND = '^[a-z][a-z0-9_]{2,63}$';
const Omittable = () => ValidateIf((_, value) => value !== undefined);

/** Which items, and which page of them. */
export class ListOpenItemsDto {
  @ApiPropertyOptional({ enum: ITEM_STATUSES, default: 'open' })
  @Omittable()
  @IsIn(ITEM_STATUSES)
  status?: ItemStatus;

  @ApiPropertyOptional({ description: 'Only this kind', example: 'refund_unknown', pattern: KIND })
  @Omittable()
  @IsString()
  @Matches(new RegExp(KIND), { message: `must match ${KIND}` })
  kind?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: PAGE })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: "The previous page's nextCursor." })
  @Omittable()
  @IsUUID('all')
  cursor?: string;
}

export class OpenItemParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  id: string;
}

export class ResolveOpenItemDto {
  @ApiProperty({
    minLength: 3,
    maxLength: 500,
    example: 'Found at the provider and refunded by hand',
    description: 'What was done about it, without names or addresses.',
  })
  @IsString()
  @Length(3, 500)
  @Matches(/^\S[^]*\S$/, { message: 'reason must not begin or end with white space' })
  reason: string;
}

export function toOpenItemFilter(dto: ListOpenItemsDto): OpenItemFilter {
  const { status = 'open', kind, limit = PAGE, cursor } = dto;
  return { status, ...(kind && { kind }), ...(cursor && { before: cursor }), limit };
}
