import { type FieldError, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { SettingsLayer } from './settings.js';

/** Who decides settings, from the general to the particular. */
export type SettingsLevel = 'tenant' | 'venue' | 'event';

/** Whose settings: a tenant's own, a venue's, or those of one of its events. */
export type SettingsSubject =
  | { readonly level: 'tenant'; readonly id: Uuid }
  | { readonly level: 'venue' | 'event'; readonly id: Uuid; readonly venueId: Uuid };

/** A change as it stands on record. `before` is what the level had decided for that time until then. */
export interface SettingsChange {
  readonly id: Uuid;
  readonly effectiveFrom: Date;
  readonly changedBy: Uuid;
  readonly changedAt: Date;
  readonly before: SettingsLayer;
  readonly after: SettingsLayer;
}

/** What is asked to change. It replaces all the level has decided; at once unless dated. */
export interface SettingsRequest {
  readonly settings: SettingsLayer;
  readonly effectiveFrom?: Date;
}

/** When a request takes effect. Refuses (VALIDATION_ERROR) the past and bounds that exclude every price. */
export function admitChange(request: SettingsRequest, now: Date): Date | Refusal {
  const { resale } = request.settings;
  const effectiveFrom = request.effectiveFrom ?? now;
  const errors: FieldError[] = [];
  if (effectiveFrom < now) {
    errors.push({ field: 'effectiveFrom', message: 'must not lie in the past' });
  }
  if (resale && resale.minPriceBps > resale.maxPriceBps) {
    errors.push({
      field: 'settings.resale.minPriceBps',
      message: 'must not be greater than maxPriceBps',
    });
  }
  if (errors.length === 0) return effectiveFrom;
  return refuse('VALIDATION_ERROR', 'The settings are not valid', { errors });
}
