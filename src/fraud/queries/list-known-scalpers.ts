import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { type KnownScalper, scalperOf, scalpersReading } from '../infra/scalper-rows.js';

export interface ScalperPage {
  readonly scalpers: readonly KnownScalper[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** Whom the tenant takes for scalpers, the latest first. */
export class ListKnownScalpers extends Query<ScalperPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly limit: number,
    readonly before: Uuid | null,
  ) {
    super();
  }
}

@QueryHandler(ListKnownScalpers)
export class ListKnownScalpersHandler implements IQueryHandler<ListKnownScalpers> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, limit, before }: ListKnownScalpers): Promise<ScalperPage> {
    const [found] = await this.database.read(tenantId, [scalpersReading(tenantId, before, limit)]);
    const all = (found?.rows ?? []).map(scalperOf);
    const scalpers = all.slice(0, limit);
    const last = scalpers.at(-1);
    return all.length > limit && last ? { scalpers, nextCursor: last.id } : { scalpers };
  }
}
