import type { IncomingHttpHeaders } from 'node:http';
import { DiscoveryService } from '@nestjs/core';
import type { Refusal } from '../kernel/errors.js';
import type { Uuid } from '../kernel/ids.js';
import type { JsonObject } from '../kernel/outbox/index.js';

export { WEBHOOK_EVENTS } from './domain/published-events.js';

/** An event whose sender is proved. */
export interface VerifiedWebhook {
  /** The provider's id of the event: the same event sent again has the same. */
  readonly eventId: string;
  readonly eventType: string;
  /** The provider account that the verifying secret belongs to. */
  readonly account: string | null;
  readonly livemode: boolean;
  /** The tenant that the account belongs to; the platform unless told. */
  readonly tenantId?: Uuid;
  /** What the handler needs, such as the object's id; leave personal data out. Stored as it is. */
  readonly payload: JsonObject;
  /** The header that proved it, kept as evidence. */
  readonly signature?: string;
  /** Of a sort that nobody acts on: it is kept as processed. */
  readonly uneventful?: boolean;
}

/**
 * Verifies what a provider sends. `rawBody` are the bytes as they came; nothing in them may be
 * believed, or parsed, before the signature over them is checked in constant time.
 * Refusals: `INVALID_SIGNATURE` for none, a wrong or an outdated one; `BAD_REQUEST` for signed
 * bytes that are no event.
 */
export interface InboundWebhookSource {
  verify(
    rawBody: Buffer,
    headers: IncomingHttpHeaders,
  ): VerifiedWebhook | Refusal | Promise<VerifiedWebhook | Refusal>;
}

/** An event out of the inbox. */
export interface InboxEvent extends Omit<VerifiedWebhook, 'signature' | 'uneventful'> {
  readonly provider: string;
  /** The tenant that the account belongs to; for a shared account the platform's own. */
  readonly tenantId: Uuid;
  /** The inbox row. */
  readonly inboxId: Uuid;
  readonly receivedAt: Date;
  /** Attempts that came to nothing before this one. */
  readonly attempts: number;
}

/**
 * `processed`: done, or nothing to do. `retry`: the object is not known yet; the event is kept and
 * comes again. `quarantine`: it must never be acted on (another account, another mode, another
 * amount) and a human should look.
 */
export type InboxVerdict = 'processed' | 'retry' | { readonly quarantine: string };

/**
 * Acts on a provider's events: in any order, possibly several at once, possibly again. It fetches
 * the object's current state and never trusts the payload beyond the object's id. Throwing counts
 * as `retry`; a provider or database that is away does not count at all.
 */
export interface InboundWebhookHandler {
  handle(event: InboxEvent): Promise<InboxVerdict>;
}

const Provider = DiscoveryService.createDecorator<{ readonly provider: string }>();

/** Key under which `@WebhookProvider` is found. */
export const WEBHOOK_PROVIDER = Provider;

/**
 * Marks a provider class as an `InboundWebhookSource`, an `InboundWebhookHandler` or both, for
 * `POST /webhooks/<provider>`.
 */
export const WebhookProvider = (provider: string) => Provider({ provider });
