import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { Settings, SettingsLayer } from '../domain/settings.js';
import type { SettingsChange, SettingsSubject } from '../domain/settings-change.js';
import { parseChanges, scheduledChanges } from './settings-record.js';
import { layerOf, mergedSettings, settingsReading } from './settings-reading.js';

const MAX_SCHEDULED = 50;

/** What holds for a subject, what it decided itself, and which changes are already dated. */
export interface SettingsReport {
  readonly subject: SettingsSubject;
  readonly at: Date;
  readonly effective: Settings;
  readonly own: SettingsLayer;
  /** The next 50 changes to come. */
  readonly scheduled: readonly SettingsChange[];
}

export interface SettingsHistory {
  /** The latest change first. */
  readonly history: readonly SettingsChange[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The statements whose results `settingsReport` reads. */
export function settingsReportReading(
  tenantId: Uuid,
  subject: SettingsSubject,
  at: Date,
): Statement[] {
  const venueId = subject.level === 'tenant' ? null : subject.venueId;
  const eventId = subject.level === 'event' ? subject.id : null;
  return [
    settingsReading(tenantId, venueId, eventId, at),
    scheduledChanges(tenantId, subject, at, MAX_SCHEDULED),
  ];
}

export function settingsReport(
  subject: SettingsSubject,
  at: Date,
  [inForce, scheduled]: readonly Result[],
): SettingsReport {
  const layers = inForce?.rows ?? [];
  return {
    subject,
    at,
    effective: mergedSettings(layers),
    own: layerOf(layers, subject.level),
    scheduled: parseChanges(scheduled?.rows ?? []),
  };
}

/** A page of `limit` changes from the one more that was read. */
export function settingsHistory(rows: Result['rows'], limit: number): SettingsHistory {
  const history = parseChanges(rows.slice(0, limit));
  const last = history.at(-1);
  return rows.length > limit && last ? { history, nextCursor: last.id } : { history };
}
