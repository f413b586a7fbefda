import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { SettingsChange } from '../domain/settings-change.js';
import type { SettingsHistory, SettingsReport } from '../infra/settings-report.js';
import { SettingsLayerDto } from './settings.dto.js';
import { SettingsView } from './settings.view.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';

/** One change: who, when, from what to what. */
export class SettingsChangeView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ format: 'date-time', example: '2031-06-01T05:00:00.000Z' })
  effectiveFrom: string;

  @ApiProperty({ format: 'uuid', example: ID, description: 'The user who changed it.' })
  changedBy: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00.000Z' })
  changedAt: string;

  @ApiProperty({ type: SettingsLayerDto, example: {} })
  before: object;

  @ApiProperty({ type: SettingsLayerDto, example: { platformFeePayer: 'venue' } })
  after: object;
}

export class SettingsReportView {
  @ApiPropertyOptional({ format: 'uuid', example: ID, description: "Not of a tenant's settings." })
  venueId?: string;

  @ApiPropertyOptional({ format: 'uuid', example: ID, description: "Only of an event's settings." })
  eventId?: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00.000Z' })
  at: string;

  @ApiProperty({ type: SettingsView, description: 'Event over venue over tenant over defaults.' })
  effective: SettingsView;

  @ApiProperty({
    type: SettingsLayerDto,
    example: { platformFeePayer: 'venue' },
    description: 'What this level has decided itself.',
  })
  own: object;

  @ApiProperty({ type: [SettingsChangeView], description: 'The next 50 changes to come.' })
  scheduled: SettingsChangeView[];

  @ApiPropertyOptional({ type: [SettingsChangeView], description: 'The latest change first.' })
  history?: SettingsChangeView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Of the history; absent on its last page.' })
  nextCursor?: string;
}

/** A report as it is answered; a refusal passes through. */
export function settingsReportView(
  report: (SettingsReport & Partial<SettingsHistory>) | Refusal,
): SettingsReportView | Refusal {
  if (isRefusal(report)) return report;
  const { subject, at, effective, own, scheduled, history, nextCursor } = report;
  return {
    ...(subject.level !== 'tenant' && { venueId: subject.venueId }),
    ...(subject.level === 'event' && { eventId: subject.id }),
    at: at.toISOString(),
    effective,
    own,
    scheduled: scheduled.map(changeView),
    ...(history && { history: history.map(changeView) }),
    ...(nextCursor && { nextCursor }),
  };
}

function changeView(change: SettingsChange): SettingsChangeView {
  return {
    ...change,
    effectiveFrom: change.effectiveFrom.toISOString(),
    changedAt: change.changedAt.toISOString(),
  };
}
