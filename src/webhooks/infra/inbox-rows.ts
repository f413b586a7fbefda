import { newId, type Uuid } from '../../kernel/ids.js';
import type { WorkTable } from '../../kernel/jobs/index.js';
import { currentTraceparent } from '../../kernel/observability/index.js';
import type { JsonObject } from '../../kernel/outbox/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { InboxEvent, VerifiedWebhook } from '../webhooks.contract.js';

/** Attempts over some five hours, after which an event waits for a human. */
const MAX_ATTEMPTS = 12;

/** An event left in processing by a process that died is due again when its lease ends. */
export const INBOX: WorkTable = {
  table: 'webhook_inbox',
  open: `status IN ('pending', 'processing')`,
  claimed: `status = 'processing', updated_at = now()`,
  leaseSeconds: 20,
  atOnce: 10,
};

/** An event that this process alone may handle until its lease ends. */
export interface ClaimedWebhook extends InboxEvent {
  readonly leaseUntil: Date;
}

/** Keeps an event; one that is there already changes nothing. */
export function keep(tenantId: Uuid, provider: string, event: VerifiedWebhook): Statement {
  const done = event.uneventful === true;
  return sql`
    INSERT INTO webhook_inbox (tenant_id, id, provider, webhook_id, event_type, account, livemode,
      payload, signature, traceparent, status, processed_at)
    VALUES (${tenantId}, ${newId()}, ${provider}, ${event.eventId}, ${event.eventType},
      ${event.account}, ${event.livemode}, ${event.payload}, ${event.signature ?? null},
      ${currentTraceparent() ?? null}, ${done ? 'processed' : 'pending'},
      CASE WHEN ${done}::boolean THEN now() END)
    ON CONFLICT (tenant_id, provider, webhook_id) DO NOTHING`;
}

export function claimedWebhook(row: Record<string, unknown>): ClaimedWebhook {
  return {
    tenantId: row.tenant_id as Uuid,
    inboxId: row.id as Uuid,
    provider: row.provider as string,
    eventId: row.webhook_id as string,
    eventType: row.event_type as string,
    account: row.account as string | null,
    livemode: row.livemode as boolean,
    payload: row.payload as JsonObject,
    receivedAt: row.received_at as Date,
    attempts: row.attempts as number,
    leaseUntil: row.lease_until as Date,
  };
}

/** Processed stays processed, even when the lease was lost meanwhile: its effect is there. */
export function markProcessed({ tenantId, inboxId }: ClaimedWebhook): Statement {
  return sql`
    UPDATE webhook_inbox SET status = 'processed', processed_at = now(), updated_at = now(),
      lease_until = NULL, error_message = NULL
    WHERE tenant_id = ${tenantId} AND id = ${inboxId} AND status <> 'processed'`;
}

export function quarantine(event: ClaimedWebhook, reason: string): Statement {
  return sql`
    UPDATE webhook_inbox SET status = 'quarantined', updated_at = now(), lease_until = NULL,
      error_message = ${reason}
    WHERE tenant_id = ${event.tenantId} AND id = ${event.inboxId} AND status = 'processing'
      AND lease_until = ${event.leaseUntil}`;
}

/** Answers the row's new status, or nothing when another process has taken the lease over. */
export function putBack(event: ClaimedWebhook, error: string, counts: boolean): Statement {
  const counted = counts ? 1 : 0;
  return sql`
    UPDATE webhook_inbox SET attempts = attempts + ${counted}::integer, error_message = ${error},
      status = CASE WHEN attempts + ${counted}::integer >= ${MAX_ATTEMPTS} THEN 'failed'
        ELSE 'pending' END,
      next_attempt_at = now() + retry_delay(attempts + ${counted}::integer),
      lease_until = NULL, updated_at = now()
    WHERE tenant_id = ${event.tenantId} AND id = ${event.inboxId} AND status = 'processing'
      AND lease_until = ${event.leaseUntil}
    RETURNING status`;
}
