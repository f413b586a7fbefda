import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { DEFAULT_PAGE, IsInstant, Omittable, PageDto } from '../../kernel/http/index.js';
import type { Decision } from '../domain/scoring/index.js';
import type { DecisionFilter } from '../infra/decision-rows.js';

export const DECISIONS: readonly Decision[] = ['approve', 'challenge', 'review', 'decline'];

/** Which decisions, and which page of them. */
export class ListDecisionsDto extends PageDto {
  @ApiPropertyOptional({ enum: DECISIONS, example: 'decline' })
  @Omittable()
  @IsIn(DECISIONS)
  decision?: Decision;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  userId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  paymentId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  eventId?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'The first instant' })
  @Omittable()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'The first instant no longer meant' })
  @Omittable()
  @IsInstant()
  to?: string;
}

export function toDecisionFilter(dto: ListDecisionsDto): DecisionFilter {
  const { from, to, limit = DEFAULT_PAGE, cursor, ...exact } = dto;
  return {
    ...exact,
    ...(from && { from: new Date(from) }),
    ...(to && { to: new Date(to) }),
    ...(cursor && { before: cursor }),
    limit,
  };
}
