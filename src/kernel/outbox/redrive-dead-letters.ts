import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Uuid } from '../ids.js';
import { PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { sql } from '../postgres/sql.js';
import { OUTBOX_RELAY } from './relay.js';

/** Sends a tenant's dead letters out again, after what rejected them was mended; answers how many. */
export class RedriveDeadLetters extends Command<number> {
  constructor(readonly tenantId: Uuid) {
    super();
  }
}

@CommandHandler(RedriveDeadLetters)
export class RedriveDeadLettersHandler implements ICommandHandler<RedriveDeadLetters> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ tenantId }: RedriveDeadLetters): Promise<number> {
    const [result] = await this.database.asWorker([
      sql`WITH redriven AS (
          DELETE FROM outbox_dlq WHERE tenant_id = ${tenantId} RETURNING tenant_id, event_id
        )
        UPDATE outbox o SET processed_at = NULL, attempts = 0, next_attempt_at = now()
        FROM redriven r WHERE o.tenant_id = r.tenant_id AND o.event_id = r.event_id`,
    ]);
    this.tasks.nudge(OUTBOX_RELAY);
    return result?.rowCount ?? 0;
  }
}
