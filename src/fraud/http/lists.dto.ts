import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsString, Length, ValidateNested } from 'class-validator';
import { DEFAULT_PAGE, IsInstant, Omittable, PageDto } from '../../kernel/http/index.js';
import { BillingAddressDto } from '../../waiting-room/waiting-room.contract.js';
import type { ListWish } from '../commands/add-list-entry.js';
import {
  LIST_KINDS,
  type ListKind,
  SUBJECT_TYPES,
  type SubjectType,
} from '../domain/list-entry.js';
import type { ListFilter } from '../infra/list-rows.js';
import { Reason } from './fields.js';

export class ListEntriesDto extends PageDto {
  @ApiPropertyOptional({ enum: LIST_KINDS, example: 'block' })
  @Omittable()
  @IsIn(LIST_KINDS)
  kind?: ListKind;

  @ApiPropertyOptional({ enum: SUBJECT_TYPES, example: 'user' })
  @Omittable()
  @IsIn(SUBJECT_TYPES)
  subjectType?: SubjectType;
}

export class AddListEntryDto {
  @ApiProperty({ enum: LIST_KINDS, example: 'block' })
  @IsIn(LIST_KINDS)
  kind: ListKind;

  @ApiProperty({ enum: SUBJECT_TYPES, example: 'user' })
  @IsIn(SUBJECT_TYPES)
  subjectType: SubjectType;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 256,
    description:
      'A user’s id, a device’s fingerprint, a network address (of IPv6 its /64 is meant) or a ' +
      'card’s fingerprint; an `address` has none. Kept as a hash.',
    example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01',
  })
  @Omittable()
  @IsString()
  @Length(1, 256)
  value?: string;

  @ApiPropertyOptional({
    type: BillingAddressDto,
    description: 'What an `address` names, as purchases tell it, however written. Kept as a hash.',
  })
  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => BillingAddressDto)
  billingAddress?: BillingAddressDto;

  @Reason()
  reason: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it ends; never, unless told',
    example: '2031-01-12T10:00:00Z',
  })
  @Omittable()
  @IsInstant()
  until?: string;
}

export function toListFilter(dto: ListEntriesDto): ListFilter {
  const { kind = null, subjectType = null, cursor = null, limit = DEFAULT_PAGE } = dto;
  return { kind, subjectType, before: cursor, limit };
}

export function toListWish(body: AddListEntryDto): ListWish {
  const { kind, subjectType: type, value = null, billingAddress = null, reason, until } = body;
  const named = { type, value, billingAddress };
  return { kind, named, reason, until: until === undefined ? null : new Date(until) };
}
