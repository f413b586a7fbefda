import type { Uuid } from '../../kernel/ids.js';

/** In the list of an endpoint's event types: all of them. */
export const EVERY_EVENT = '*';

/** Why nothing is sent: an administrator said so, it answered 410, or nothing had arrived for days. */
export const DISABLED_REASONS = ['administrator', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Where a tenant wants to hear of events. */
export interface WebhookEndpoint {
  readonly id: Uuid;
  readonly url: string;
  /** Names of the catalogue, or `*` alone. */
  readonly eventTypes: readonly string[];
  readonly description: string | null;
  /** Null: it is enabled. */
  readonly disabledReason: DisabledReason | null;
  /** Since when every delivery has failed; null when the last one arrived. */
  readonly failingSince: Date | null;
  /** Until then the secret of before the last rotation signs too. */
  readonly previousSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function wants({ eventTypes }: WebhookEndpoint, type: string): boolean {
  return eventTypes.includes(EVERY_EVENT) || eventTypes.includes(type);
}

/** `*` says it all: what else is in the list does not matter. */
export function filterOf(eventTypes: readonly string[]): readonly string[] {
  return eventTypes.includes(EVERY_EVENT) ? [EVERY_EVENT] : [...new Set(eventTypes)].sort();
}

/** Those of the list that no event is called. */
export function unknownTypes(
  eventTypes: readonly string[],
  known: ReadonlySet<string>,
): readonly string[] {
  return eventTypes.filter((type) => type !== EVERY_EVENT && !known.has(type));
}
