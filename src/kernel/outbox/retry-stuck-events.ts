import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Uuid } from '../ids.js';
import { PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';
import { OUTBOX_RELAY } from './relay.js';

/**
 * Makes a tenant's events due that have waited for longer than so many seconds; answers how many.
 * What rejected them still counts, and an event that a relay is delivering is left to it.
 */
export class RetryStuckEvents extends Command<number> {
  constructor(
    readonly tenantId: Uuid,
    readonly olderThanSeconds: number,
  ) {
    super();
  }
}

@CommandHandler(RetryStuckEvents)
export class RetryStuckEventsHandler implements ICommandHandler<RetryStuckEvents> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ tenantId, olderThanSeconds }: RetryStuckEvents): Promise<number> {
    const [result] = await this.database.asWorker([
      sql`UPDATE outbox SET next_attempt_at = now()
        WHERE tenant_id = ${tenantId} AND processed_at IS NULL AND next_attempt_at > now()
          AND created_at < now() - make_interval(secs => ${olderThanSeconds})
          AND (lease_until IS NULL OR lease_until <= now())`,
    ]);
    this.tasks.nudge(OUTBOX_RELAY);
    return result?.rowCount ?? 0;
  }
}
