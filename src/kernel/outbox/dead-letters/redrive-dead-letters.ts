import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '../../auth/principal.js';
import { refuse, type Refusal } from '../../errors.js';
import type { Uuid } from '../../ids.js';
import { PeriodicTasks } from '../../jobs/periodic.js';
import { Database } from '../../postgres/database.js';
import { failedWith, SQLSTATE } from '../../postgres/errors.js';
import { sql, type Statement } from '../../postgres/sql.js';
import { OUTBOX_RELAY } from '../relay.js';
import { deadLetterOf } from './dead-letter.js';
import { revive } from './revive.js';

/** What was sent again, and what is left of what was asked for. */
export interface Redriven {
  readonly redriven: number;
  readonly remaining: number;
}

/**
 * Sends one dead letter out again, after what rejected it was mended; repeated, it refuses
 * (NOT_FOUND): the event is no dead letter any more.
 */
export class RedriveDeadLetter extends Command<Redriven | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
  ) {
    super();
  }
}

/** Sends the tenant's dead letters out again, of one type or all, the oldest thousand of them at once. */
export class RedriveDeadLetters extends Command<Redriven> {
  constructor(
    readonly principal: Principal,
    readonly type?: string,
  ) {
    super();
  }
}

const AT_ONCE = 1_000;
const BATCH = 100;

/** Others may revive the same letters: what is gone when it is our turn was theirs. */
const ATTEMPTS = 5;

@CommandHandler(RedriveDeadLetter)
export class RedriveDeadLetterHandler implements ICommandHandler<RedriveDeadLetter> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ principal, eventId }: RedriveDeadLetter): Promise<Redriven | Refusal> {
    const { tenantId } = principal;
    const wanted = sql`
      SELECT * FROM outbox_dlq WHERE tenant_id = ${tenantId} AND event_id = ${eventId}`;
    const redriven = await reviveThose(this.database, principal, wanted);
    if (redriven === 0) return refuse('NOT_FOUND', 'There is no such dead letter');
    this.tasks.nudge(OUTBOX_RELAY);
    return { redriven, remaining: 0 };
  }
}

@CommandHandler(RedriveDeadLetters)
export class RedriveDeadLettersHandler implements ICommandHandler<RedriveDeadLetters> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ principal, type }: RedriveDeadLetters): Promise<Redriven> {
    const { tenantId } = principal;
    // What is rejected anew meanwhile is not tried again and again.
    const [asked] = await this.database.read(tenantId, [
      sql`SELECT count(*)::integer AS count, max(id) AS last FROM outbox_dlq
        WHERE tenant_id = ${tenantId} AND (${type}::text IS NULL OR event_type = ${type})`,
    ]);
    const { count, last } = asked?.rows[0] as { count: number; last: bigint | null };
    const oldest = sql`
      SELECT * FROM outbox_dlq
      WHERE tenant_id = ${tenantId} AND (${type}::text IS NULL OR event_type = ${type})
        AND id <= ${last} ORDER BY id LIMIT ${BATCH}::integer`;
    let redriven = 0;
    for (let more = 1; more > 0 && redriven < AT_ONCE; redriven += more) {
      more = await reviveThose(this.database, principal, oldest);
      this.tasks.nudge(OUTBOX_RELAY);
    }
    return { redriven, remaining: Math.max(count - redriven, 0) };
  }
}

async function reviveThose(
  database: Database,
  principal: Principal,
  reading: Statement,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const [found] = await database.read(principal.tenantId, [reading]);
    const letters = (found?.rows ?? []).map(deadLetterOf);
    if (letters.length === 0) return 0;
    try {
      await database.asWorker(revive(principal, letters));
      return letters.length;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.guardFailed) || attempt === ATTEMPTS) throw error;
    }
  }
}
