import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, IsUUID, Matches } from 'class-validator';
import { DEFAULT_PAGE, Omittable, PageDto } from '../../http/fields.js';
import type { DeadLetterFilter } from './list-dead-letters.js';

const TYPE = '^[a-z][a-z0-9_.]{2,99}$';
const TYPE_MESSAGE = { message: `must match ${TYPE}` };

/** Which dead letters, and which page of them. */
export class ListDeadLettersDto extends PageDto {
  @ApiPropertyOptional({
    description: 'Only this type of event',
    example: 'payment.completed',
    pattern: TYPE,
  })
  @Omittable()
  @IsString()
  @Matches(new RegExp(TYPE), TYPE_MESSAGE)
  type?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only what is about this object' })
  @Omittable()
  @IsUUID('all')
  aggregateId?: string;
}

export class DeadLetterParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  eventId: string;
}

export class RedriveDeadLettersDto {
  @ApiPropertyOptional({
    description: 'Only this type of event; all of them when absent.',
    example: 'payment.completed',
    pattern: TYPE,
  })
  @Omittable()
  @IsString()
  @Matches(new RegExp(TYPE), TYPE_MESSAGE)
  type?: string;
}

export function toDeadLetterFilter(dto: ListDeadLettersDto): DeadLetterFilter {
  const { type, aggregateId, limit = DEFAULT_PAGE, cursor } = dto;
  return {
    ...(type && { type }),
    ...(aggregateId && { aggregateId }),
    ...(cursor && { before: cursor }),
    limit,
  };
}
