import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { DEFAULT_PAGE, IsInstant, Omittable, PageDto } from '../http/fields.js';
import type { AuditFilter } from './list-audit-log.js';

/** `venue`, `open_item`; of an action two or more of them with dots between. */
const WORD = '[a-z][a-z0-9_]{2,63}';
/** Ours, a provider's or a service's name. */
const NAME = String.raw`^[A-Za-z0-9][\w:.-]{2,127}$`;

const Exactly = (description: string, example: string, pattern: string) =>
  applyDecorators(
    ApiPropertyOptional({ description, example, pattern }),
    Omittable(),
    IsString(),
    Matches(new RegExp(pattern), { message: `must match ${pattern}` }),
  );

const Instant = (description: string) =>
  applyDecorators(
    ApiPropertyOptional({ format: 'date-time', description, example: '2026-01-12T10:00:00Z' }),
    Omittable(),
    IsInstant(),
  );

/** Which entries of the audit log, and which page of them. */
export class ListAuditLogDto extends PageDto {
  @Exactly('What kind of object', 'venue', `^${WORD}$`)
  objectType?: string;

  @Exactly('Which object', '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21', NAME)
  objectId?: string;

  @Exactly('Who acted: a user’s id, or a name', '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22', NAME)
  actorId?: string;

  @Exactly('What was done', 'venue_settings.changed', String.raw`^${WORD}(\.${WORD})+$`)
  action?: string;

  @Instant('The first instant')
  from?: string;

  @Instant('The first instant no longer meant')
  to?: string;
}

export function toAuditFilter(dto: ListAuditLogDto): AuditFilter {
  const { from, to, limit = DEFAULT_PAGE, cursor, ...exact } = dto;
  return {
    ...exact,
    ...(from && { from: new Date(from) }),
    ...(to && { to: new Date(to) }),
    ...(cursor && { before: cursor }),
    limit,
  };
}
