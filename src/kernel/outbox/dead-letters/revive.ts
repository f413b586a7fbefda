import { audit, userActor } from '../../audit/audit.js';
import type { Principal } from '../../auth/principal.js';
import { closeItem } from '../../open-items/open-item.js';
import { sql, type Statement } from '../../postgres/sql.js';
import { DEAD_LETTER } from './bury.js';
import type { DeadLetter } from './dead-letter.js';

/**
 * Makes dead letters events again that nobody has rejected yet, for those subscribers who have not
 * had them; their open items are closed, and the audit log knows who did it. The worker's
 * transaction; it fails (TT003) when one of them is no dead letter any more.
 */
export function revive(principal: Principal, letters: readonly DeadLetter[]): Statement[] {
  const { tenantId } = principal;
  const ids = letters.map(({ eventId }) => eventId);
  return [
    sql`
      WITH revived AS (
        DELETE FROM outbox_dlq WHERE tenant_id = ${tenantId} AND event_id = ANY(${ids}::uuid[])
        RETURNING tenant_id, event_id
      ), due AS (
        UPDATE outbox o SET processed_at = NULL, heard_at = NULL, lease_until = NULL, attempts = 0,
          next_attempt_at = now()
        FROM revived r WHERE o.tenant_id = r.tenant_id AND o.event_id = r.event_id
        RETURNING 1
      ) SELECT guard(count(*) = ${ids.length}, 'dead letters') FROM due`,
    ...letters.flatMap((letter) => [
      closeItem(tenantId, DEAD_LETTER, letter.eventId, 'Sent again'),
      revivalAudit(principal, letter),
    ]),
  ];
}

function revivalAudit(principal: Principal, letter: DeadLetter): Statement {
  const { eventId: id, type, aggregateType, aggregateId, attempts, error } = letter;
  const what = { type, aggregateType, aggregateId };
  return audit(principal.tenantId, {
    actor: userActor(principal),
    action: 'dead_letter.redriven',
    object: { type: 'event', id },
    before: { status: 'dead', ...what, attempts, error },
    after: { status: 'due', ...what },
  });
}
