import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../ids.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';
import { itemOf, type ItemStatus, type RecordedItem } from './open-item-rows.js';

export interface OpenItemFilter {
  readonly status: ItemStatus;
  readonly kind?: string;
  /** The previous page's `nextCursor`. */
  readonly before?: Uuid;
  readonly limit: number;
}

/** Of all items that the filter names, on whatever page. */
export interface OpenItemTotals {
  readonly count: number;
  /** By currency; may exceed what one ledger line can hold. */
  readonly atRisk: readonly { readonly currency: string; readonly cents: bigint }[];
}

export interface OpenItemPage {
  readonly items: readonly RecordedItem[];
  readonly totals: OpenItemTotals;
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The tenant's work for humans, what was opened last first, and what it all puts at risk. */
export class ListOpenItems extends Query<OpenItemPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: OpenItemFilter,
  ) {
    super();
  }
}

@QueryHandler(ListOpenItems)
export class ListOpenItemsHandler implements IQueryHandler<ListOpenItems> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListOpenItems): Promise<OpenItemPage> {
    const { status, kind, before, limit } = filter;
    const [found, summed] = await this.database.read(tenantId, [
      sql`
        SELECT * FROM open_items
        WHERE tenant_id = ${tenantId}::uuid AND status = ${status}
          AND (${kind}::text IS NULL OR kind = ${kind})
          AND (${before}::uuid IS NULL OR id < ${before})
        ORDER BY id DESC LIMIT ${limit + 1}::integer`,
      sql`
        SELECT currency, count(*)::integer AS items, sum(cents_at_risk)::bigint AS cents
        FROM open_items
        WHERE tenant_id = ${tenantId}::uuid AND status = ${status}
          AND (${kind}::text IS NULL OR kind = ${kind})
        GROUP BY currency ORDER BY currency`,
    ]);
    const rows = found?.rows ?? [];
    const items = rows.slice(0, limit).map(itemOf);
    const last = items.at(-1);
    const totals = totalsOf(summed?.rows ?? []);
    return rows.length > limit && last ? { items, totals, nextCursor: last.id } : { items, totals };
  }
}

function totalsOf(rows: readonly Readonly<Record<string, unknown>>[]): OpenItemTotals {
  const told = rows.filter((row) => row.currency !== null);
  return {
    count: rows.reduce((total, row) => total + (row.items as number), 0),
    atRisk: told.map((row) => ({ currency: row.currency as string, cents: row.cents as bigint })),
  };
}
