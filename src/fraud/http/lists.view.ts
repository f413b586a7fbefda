import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { LIST_KINDS, type ListEntry, SUBJECT_TYPES } from '../domain/list-entry.js';
import type { EntryPage } from '../queries/list-entries.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b71';
const INSTANT = '2026-01-12T10:00:00.000Z';

export class ListEntryView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ enum: LIST_KINDS, example: 'block' })
  kind: string;

  @ApiProperty({ enum: SUBJECT_TYPES, example: 'card' })
  subjectType: string;

  @ApiProperty({ description: 'What may be shown of the value', example: '…jR1c' })
  hint: string;

  @ApiProperty({ example: 'Resold 40 tickets in March' })
  reason: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: INSTANT })
  until: string | null;

  @ApiProperty({ format: 'uuid', description: 'Who added it', example: ID })
  addedBy: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  addedAt: string;
}

export class ListEntriesView {
  @ApiProperty({ type: [ListEntryView], description: 'The latest first.' })
  entries: ListEntryView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** An entry as it is answered; a refusal passes through. */
export function listEntryView(entry: ListEntry | Refusal): ListEntryView | Refusal {
  return isRefusal(entry) ? entry : viewOf(entry);
}

export function listEntriesView(page: EntryPage): ListEntriesView {
  return { ...page, entries: page.entries.map(viewOf) };
}

function viewOf(entry: ListEntry): ListEntryView {
  const { until, addedAt } = entry;
  return { ...entry, until: until?.toISOString() ?? null, addedAt: addedAt.toISOString() };
}
