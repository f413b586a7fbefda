import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../audit/audit.js';
import type { Principal } from '../auth/principal.js';
import { refuse, type Refusal } from '../errors.js';
import type { Uuid } from '../ids.js';
import { redact } from '../observability/redact.js';
import { Database } from '../postgres/database.js';
import { failedWith, SQLSTATE } from '../postgres/errors.js';
import { sql, type Statement } from '../postgres/sql.js';
import { itemOf, itemReading, type RecordedItem } from './open-item-rows.js';

/**
 * A human says that an item is done, and why; the audit log keeps it. Refuses (NOT_FOUND) what the
 * tenant has no such item of, and (CONFLICT) what is resolved already, by whomever.
 */
export class ResolveOpenItem extends Command<RecordedItem | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
    readonly reason: string,
  ) {
    super();
  }
}

const ALREADY = refuse('CONFLICT', 'This item is resolved already');

@CommandHandler(ResolveOpenItem)
export class ResolveOpenItemHandler implements ICommandHandler<ResolveOpenItem> {
  constructor(private readonly database: Database) {}

  async execute({ principal, id, reason }: ResolveOpenItem): Promise<RecordedItem | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [itemReading(tenantId, id)]);
    const item = found?.rows[0] && itemOf(found.rows[0]);
    if (!item) return refuse('NOT_FOUND', 'There is no such item');
    if (item.status === 'resolved') return ALREADY;
    const resolution = redact(reason);
    try {
      const results = await this.database.transact(tenantId, [
        resolve(tenantId, id, principal.userId, resolution),
        resolutionAudit(principal, item, resolution),
        itemReading(tenantId, id),
      ]);
      const [row] = results.at(-1)?.rows ?? [];
      if (!row) throw new Error(`open item ${id} has gone`);
      return itemOf(row);
    } catch (error) {
      if (failedWith(error, SQLSTATE.guardFailed)) return ALREADY;
      throw error;
    }
  }
}

/** Stops the transaction when somebody else was faster. */
function resolve(tenantId: Uuid, id: Uuid, by: Uuid, resolution: string): Statement {
  return sql`
    WITH resolved AS (
      UPDATE open_items SET status = 'resolved', resolved_at = now(), resolved_by = ${by},
        resolution = ${resolution}
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'open' RETURNING 1
    ) SELECT guard(count(*) = 1, 'open item') FROM resolved`;
}

function resolutionAudit(principal: Principal, item: RecordedItem, resolution: string): Statement {
  const { id, kind, subjectType, subjectId, centsAtRisk, currency } = item;
  const what = { kind, subjectType, subjectId, centsAtRisk, currency };
  return audit(principal.tenantId, {
    actor: userActor(principal),
    action: 'open_item.resolved',
    object: { type: 'open_item', id },
    before: { status: 'open', ...what },
    after: { status: 'resolved', ...what, resolution },
  });
}
