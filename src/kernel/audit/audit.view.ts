import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../errors.js';
import type { AuditPage, RecordedEntry } from './list-audit-log.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const STATE = { type: 'object', additionalProperties: true, nullable: true } as const;

export class AuditActorView {
  @ApiProperty({ enum: ['user', 'service', 'system'], example: 'user' })
  type: string;

  @ApiProperty({ example: ID })
  id: string;
}

export class AuditObjectView {
  @ApiProperty({ example: 'venue' })
  type: string;

  @ApiProperty({ example: ID })
  id: string;
}

/** Who did what to which object, from what to what. */
export class AuditEntryView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00.000Z' })
  at: string;

  @ApiProperty({ type: AuditActorView })
  actor: AuditActorView;

  @ApiProperty({ example: 'venue_settings.changed' })
  action: string;

  @ApiProperty({ type: AuditObjectView })
  object: AuditObjectView;

  @ApiProperty({ ...STATE, example: {} })
  before: object | null;

  @ApiProperty({ ...STATE, example: { platformFeePayer: 'venue' } })
  after: object | null;

  @ApiProperty({ type: String, nullable: true, example: ID })
  correlationId: string | null;

  @ApiProperty({ type: String, nullable: true, example: ID })
  requestId: string | null;
}

export class AuditLogView {
  @ApiProperty({ type: [AuditEntryView], description: 'The latest first.' })
  entries: AuditEntryView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** A page as it is answered; a refusal passes through. */
export function auditLogView(page: AuditPage | Refusal): AuditLogView | Refusal {
  return isRefusal(page) ? page : { ...page, entries: page.entries.map(entryView) };
}

function entryView(entry: RecordedEntry): AuditEntryView {
  return { ...entry, at: entry.at.toISOString() };
}
