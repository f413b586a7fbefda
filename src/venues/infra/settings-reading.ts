import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import {
  type EffectiveSettings,
  mergeSettings,
  type Settings,
  type SettingsLayer,
} from '../domain/settings.js';
import type { SettingsLevel } from '../domain/settings-change.js';

/**
 * Reads the settings of a tenant, and of a venue and one of its events unless null, that are in force
 * at an instant (the sale's); `parseSettings` merges what it answers. For the caller's own pipelined
 * read.
 */
export function settingsReading(
  tenantId: Uuid,
  venueId: Uuid | null,
  eventId: Uuid | null,
  at: Date,
): Statement {
  return sql`
    (SELECT 'tenant' AS level, id, settings FROM tenant_settings
      WHERE tenant_id = ${tenantId}::uuid AND effective_from <= ${at}::timestamptz
      ORDER BY effective_from DESC, id DESC LIMIT 1)
    UNION ALL
    (SELECT 'venue', id, settings FROM venue_settings
      WHERE tenant_id = ${tenantId}::uuid AND venue_id = ${venueId}::uuid
        AND effective_from <= ${at}::timestamptz
      ORDER BY effective_from DESC, id DESC LIMIT 1)
    UNION ALL
    (SELECT 'event', id, settings FROM event_settings
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND effective_from <= ${at}::timestamptz
      ORDER BY effective_from DESC, id DESC LIMIT 1)`;
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of `settingsReading` merged: event over venue over tenant over what holds everywhere. */
export function parseSettings(rows: readonly Row[]): EffectiveSettings {
  const idOf = (level: SettingsLevel) => (rowOf(rows, level)?.id ?? null) as Uuid | null;
  const versions = { tenant: idOf('tenant'), venue: idOf('venue'), event: idOf('event') };
  return { ...mergedSettings(rows), versions };
}

/** The same without the rows they came from. */
export function mergedSettings(rows: readonly Row[]): Settings {
  return mergeSettings(layerOf(rows, 'tenant'), layerOf(rows, 'venue'), layerOf(rows, 'event'));
}

/** What one level has decided itself, of the rows of `settingsReading`. */
export function layerOf(rows: readonly Row[], level: SettingsLevel): SettingsLayer {
  return rowOf(rows, level)?.settings ?? {};
}

function rowOf(rows: readonly Row[], level: SettingsLevel): Row | undefined {
  return rows.find((row) => row.level === level);
}
