import type { Uuid } from '../../kernel/ids.js';
import { closeItem } from '../../kernel/open-items/index.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';

/** Items about outcomes that nobody knew (payments' janitor opens them), where they are known now. */
export function settledItems(tenantId: Uuid): Statement {
  return sql`
    SELECT o.kind, o.subject_id FROM open_items o
    WHERE o.tenant_id = ${tenantId} AND o.status = 'open' AND (
      o.kind = 'charge_unknown' AND EXISTS (SELECT FROM payment_intents i
        WHERE i.tenant_id = o.tenant_id AND i.id::text = o.subject_id
          AND i.status NOT IN ('PENDING', 'PROCESSING', 'UNKNOWN'))
      OR o.kind = 'refund_unknown' AND EXISTS (SELECT FROM payment_refunds r
        WHERE r.tenant_id = o.tenant_id AND r.id::text = o.subject_id AND r.status <> 'pending')
      OR o.kind = 'operation_unknown' AND EXISTS (SELECT FROM payment_operations p
        WHERE p.tenant_id = o.tenant_id AND p.id::text = o.subject_id AND p.status <> 'open')
      OR o.kind = 'evidence_unknown' AND NOT EXISTS (SELECT FROM dispute_evidence_operations e
        WHERE e.tenant_id = o.tenant_id AND e.id::text = o.subject_id))`;
}

export function closeSettled(tenantId: Uuid, result: Result | undefined): Statement[] {
  return (result?.rows ?? []).map((row) =>
    closeItem(
      tenantId,
      row.kind as string,
      row.subject_id as string,
      'The provider has told the outcome',
    ),
  );
}
