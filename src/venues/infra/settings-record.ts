import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { SettingsLayer } from '../domain/settings.js';
import type { SettingsChange, SettingsLevel, SettingsSubject } from '../domain/settings-change.js';

/** The id after every other: where a listing that goes backwards begins. */
const LAST: Uuid = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface NewSettings {
  readonly id: Uuid;
  readonly effectiveFrom: Date;
  readonly settings: SettingsLayer;
  readonly changedBy: Uuid;
}

/** Adds a dated row; rows are never changed. */
export function recordSettings(
  tenantId: Uuid,
  subject: SettingsSubject,
  { id, effectiveFrom, settings, changedBy }: NewSettings,
): Statement {
  const document = JSON.stringify(settings);
  if (subject.level === 'tenant') {
    return sql`
      INSERT INTO tenant_settings (tenant_id, id, effective_from, settings, changed_by)
      VALUES (${tenantId}::uuid, ${id}::uuid, ${effectiveFrom}::timestamptz, ${document}::jsonb,
        ${changedBy}::uuid)`;
  }
  if (subject.level === 'venue') {
    return sql`
      INSERT INTO venue_settings (tenant_id, id, venue_id, effective_from, settings, changed_by)
      VALUES (${tenantId}::uuid, ${id}::uuid, ${subject.venueId}::uuid,
        ${effectiveFrom}::timestamptz, ${document}::jsonb, ${changedBy}::uuid)`;
  }
  return sql`
    INSERT INTO event_settings
      (tenant_id, id, event_id, venue_id, effective_from, settings, changed_by)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${subject.id}::uuid, ${subject.venueId}::uuid,
      ${effectiveFrom}::timestamptz, ${document}::jsonb, ${changedBy}::uuid)`;
}

/** What a level had decided, until the change of this id, for the time it is about; in `before`. */
export function settingsBefore(tenantId: Uuid, level: SettingsLevel, changeId: Uuid): Statement {
  return sql`
    SELECT before FROM settings_changes
    WHERE tenant_id = ${tenantId}::uuid AND level = ${level} AND id = ${changeId}::uuid`;
}

/** The changes of a subject that take effect after an instant, the next one first. */
export function scheduledChanges(
  tenantId: Uuid,
  subject: SettingsSubject,
  at: Date,
  limit: number,
): Statement {
  return sql`
    SELECT id, effective_from, changed_by, created_at, before, settings FROM settings_changes
    WHERE tenant_id = ${tenantId}::uuid AND level = ${subject.level}
      AND subject_id = ${subject.id}::uuid AND effective_from > ${at}::timestamptz
    ORDER BY effective_from, id LIMIT ${limit}::integer`;
}

/** The changes of a subject older than the one with id `before`, the latest first. */
export function pastChanges(
  tenantId: Uuid,
  subject: SettingsSubject,
  limit: number,
  before: Uuid = LAST,
): Statement {
  return sql`
    SELECT id, effective_from, changed_by, created_at, before, settings FROM settings_changes
    WHERE tenant_id = ${tenantId}::uuid AND level = ${subject.level}
      AND subject_id = ${subject.id}::uuid AND id < ${before}::uuid
    ORDER BY id DESC LIMIT ${limit}::integer`;
}

export function parseChanges(rows: readonly Readonly<Record<string, unknown>>[]): SettingsChange[] {
  return rows.map((row) => ({
    id: row.id as Uuid,
    effectiveFrom: row.effective_from as Date,
    changedBy: row.changed_by as Uuid,
    changedAt: row.created_at as Date,
    before: row.before as SettingsLayer,
    after: row.settings as SettingsLayer,
  }));
}
