import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';

/** Events that wait for the same. */
export interface Waiting {
  readonly events: number;
  /** 0 when there is none. */
  readonly oldestAgeSeconds: number;
}

/** How far events are behind, over all tenants; what metrics and alarms show. */
export interface Backlog {
  /** For a subscriber of ours. */
  readonly unheard: Waiting;
  /** For the message broker alone. */
  readonly unforwarded: Waiting;
  readonly deadLetters: number;
}

export class OutboxBacklog extends Query<Backlog> {}

@QueryHandler(OutboxBacklog)
export class OutboxBacklogHandler implements IQueryHandler<OutboxBacklog> {
  constructor(private readonly database: Database) {}

  async execute(): Promise<Backlog> {
    const [unheard, unforwarded, dead] = await this.database.asWorker([
      sql`SELECT count(*)::integer AS events,
          coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest
        FROM outbox WHERE processed_at IS NULL AND heard_at IS NULL`,
      sql`SELECT count(*)::integer AS events,
          coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest
        FROM outbox WHERE processed_at IS NULL AND heard_at IS NOT NULL`,
      sql`SELECT count(*)::integer AS events FROM outbox_dlq`,
    ]);
    return {
      unheard: waitingOf(unheard?.rows[0]),
      unforwarded: waitingOf(unforwarded?.rows[0]),
      deadLetters: dead?.rows[0]?.events as number,
    };
  }
}

function waitingOf(row: Readonly<Record<string, unknown>> | undefined): Waiting {
  return { events: row?.events as number, oldestAgeSeconds: row?.oldest as number };
}
