import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Length, Matches } from 'class-validator';
import { DEFAULT_PAGE, Omittable, PageDto } from '../http/fields.js';
import type { OpenItemFilter } from './list-open-items.js';
import { ITEM_STATUSES, type ItemStatus } from './open-item-rows.js';

const KIND = '^[a-z][a-z0-9_]{2,63}$';
/** Which items, and which page of them. */
export class ListOpenItemsDto extends PageDto {
  @ApiPropertyOptional({ enum: ITEM_STATUSES, default: 'open' })
  @Omittable()
  @IsIn(ITEM_STATUSES)
  status?: ItemStatus;

  @ApiPropertyOptional({ description: 'Only this kind', example: 'refund_unknown', pattern: KIND })
  @Omittable()
  @IsString()
  @Matches(new RegExp(KIND), { message: `must match ${KIND}` })
  kind?: string;
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
  const { status = 'open', kind, limit = DEFAULT_PAGE, cursor } = dto;
  return { status, ...(kind && { kind }), ...(cursor && { before: cursor }), limit };
}
