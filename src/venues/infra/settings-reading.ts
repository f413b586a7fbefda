import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { type EffectiveSettings, mergeSettings, type SettingsLayer } from '../domain/settings.js';

/**
 * Reads the settings of a venue, and of one of its events unless null, that are in force at an
 * instant (the sale's); `parseSettings` merges what it answers. For the caller's own pipelined read.
 */
export function settingsReading(
  tenantId: Uuid,
  venueId: Uuid,
  eventId: Uuid | null,
  at: Date,
): Statement {
  return sql`
    (SELECT 'venue' AS level, id, settings FROM venue_settings
      WHERE tenant_id = ${tenantId}::uuid AND venue_id = ${venueId}::uuid
        AND effective_from <= ${at}::timestamptz
      ORDER BY effective_from DESC, id DESC LIMIT 1)
    UNION ALL
    (SELECT 'event', id, settings FROM event_settings
      WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
        AND effective_from <= ${at}::timestamptz
      ORDER BY effective_from DESC, id DESC LIMIT 1)`;
}

/** The rows of `settingsReading` merged: event over venue over what holds in every tenant. */
export function parseSettings(
  rows: readonly Readonly<Record<string, unknown>>[],
): EffectiveSettings {
  const of = (level: string) => {
    const row = rows.find((candidate) => candidate.level === level);
    return { id: (row?.id ?? null) as Uuid | null, layer: (row?.settings ?? {}) as SettingsLayer };
  };
  const venue = of('venue');
  const event = of('event');
  return {
    ...mergeSettings(venue.layer, event.layer),
    versions: { venue: venue.id, event: event.id },
  };
}
