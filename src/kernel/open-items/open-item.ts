import { newId, type Uuid } from '../ids.js';
import type { Cents } from '../money/index.js';
import { redact } from '../observability/redact.js';
import type { JsonObject } from '../outbox/integration-event.js';
import { sql, type Statement } from '../postgres/sql.js';

/**
 * Something that no machine can finish by itself. One kind is open once a subject, however often it
 * is seen. Cause and details are ids and facts, never names, e-mail or postal addresses.
 */
export interface OpenItem {
  /** A word such as `refund_unknown` for what is to be done; a label of metrics, so few of them. */
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Why, for people. */
  readonly cause: string;
  /** What may be lost, at least 0, if anything can be told. */
  readonly atRisk?: { readonly cents: Cents; readonly currency: string };
  readonly details?: JsonObject;
}

/** Who closed what the machine closed. */
const MACHINE = 'system';

/**
 * Opens an item. Seen again while open it stays the same item: the newest cause, amount and details,
 * seen once more. After it was resolved it is opened anew. For the application's and the worker's
 * transactions.
 */
export function openItem(tenantId: Uuid, item: OpenItem): Statement {
  const { kind, subjectType, subjectId, cause, atRisk, details = {} } = item;
  return sql`
    INSERT INTO open_items AS i (tenant_id, id, kind, subject_type, subject_id, cause,
      cents_at_risk, currency, details)
    VALUES (${tenantId}, ${newId()}, ${kind}, ${subjectType}, ${subjectId}, ${redact(cause)},
      ${atRisk?.cents ?? null}, ${atRisk?.currency ?? null}, ${redact(JSON.stringify(details))})
    ON CONFLICT (tenant_id, kind, subject_id) WHERE status = 'open' DO UPDATE SET
      cause = excluded.cause, cents_at_risk = excluded.cents_at_risk, currency = excluded.currency,
      details = excluded.details, last_seen_at = now(), times_seen = i.times_seen + 1,
      -- More is at risk than anybody was told.
      alerted_at = CASE WHEN coalesce(excluded.cents_at_risk, 0) > coalesce(i.cents_at_risk, 0)
        THEN NULL ELSE i.alerted_at END`;
}

/**
 * Closes an item whose cause is gone, saying how; without an open one it changes nothing. For the
 * application's and the worker's transactions.
 */
export function closeItem(
  tenantId: Uuid,
  kind: string,
  subjectId: string,
  resolution: string,
): Statement {
  return sql`
    UPDATE open_items SET status = 'resolved', resolved_at = now(), resolved_by = ${MACHINE},
      resolution = ${redact(resolution)}
    WHERE tenant_id = ${tenantId} AND kind = ${kind} AND subject_id = ${subjectId}
      AND status = 'open'`;
}
