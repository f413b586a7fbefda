import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';

/** How far the relay is behind, over all tenants; what metrics and alarms show. */
export interface Backlog {
  readonly unprocessed: number;
  /** Of the oldest unprocessed event; 0 when there is none. */
  readonly oldestAgeSeconds: number;
  readonly deadLetters: number;
}

export class OutboxBacklog extends Query<Backlog> {}

@QueryHandler(OutboxBacklog)
export class OutboxBacklogHandler implements IQueryHandler<OutboxBacklog> {
  constructor(private readonly database: Database) {}

  async execute(): Promise<Backlog> {
    const [result] = await this.database.asWorker([
      sql`SELECT count(*)::integer AS unprocessed,
          coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest_age,
          (SELECT count(*)::integer FROM outbox_dlq) AS dead_letters
        FROM outbox WHERE processed_at IS NULL`,
    ]);
    const row = result?.rows[0];
    return {
      unprocessed: row?.unprocessed as number,
      oldestAgeSeconds: row?.oldest_age as number,
      deadLetters: row?.dead_letters as number,
    };
  }
}
