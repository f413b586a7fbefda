import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../ids.js';
import { Database } from '../../postgres/database.js';
import { sql } from '../../postgres/sql.js';
import { type DeadLetter, deadLetterOf } from './dead-letter.js';

/** Which dead letters; what is absent does not narrow. */
export interface DeadLetterFilter {
  readonly type?: string;
  readonly aggregateId?: Uuid;
  /** The previous page's `nextCursor`. */
  readonly before?: Uuid;
  readonly limit: number;
}

export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The tenant's dead letters by falling event id. */
export class ListDeadLetters extends Query<DeadLetterPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: DeadLetterFilter,
  ) {
    super();
  }
}

@QueryHandler(ListDeadLetters)
export class ListDeadLettersHandler implements IQueryHandler<ListDeadLetters> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListDeadLetters): Promise<DeadLetterPage> {
    const { type, aggregateId, before, limit } = filter;
    const [found] = await this.database.read(tenantId, [
      sql`
        SELECT * FROM outbox_dlq
        WHERE tenant_id = ${tenantId}::uuid
          AND (${type}::text IS NULL OR event_type = ${type})
          AND (${aggregateId}::uuid IS NULL OR aggregate_id = ${aggregateId})
          AND (${before}::uuid IS NULL OR event_id < ${before})
        ORDER BY event_id DESC LIMIT ${limit + 1}::integer`,
    ]);
    const rows = found?.rows ?? [];
    const deadLetters = rows.slice(0, limit).map(deadLetterOf);
    const last = deadLetters.at(-1);
    return rows.length > limit && last
      ? { deadLetters, nextCursor: last.eventId }
      : { deadLetters };
  }
}
