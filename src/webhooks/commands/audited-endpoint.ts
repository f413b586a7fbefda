import type { WebhookEndpoint } from '../domain/endpoint.js';

type Told = Pick<WebhookEndpoint, 'url' | 'eventTypes' | 'description' | 'disabledReason'>;

/** An endpoint as the audit log keeps it: a query may hold somebody's token and is left out. */
export function auditedEndpoint({ url, eventTypes, description, disabledReason }: Told): object {
  const { origin, pathname } = new URL(url);
  const enabled = disabledReason === null;
  return { address: `${origin}${pathname}`, eventTypes, description, enabled };
}
