import { Injectable } from '@nestjs/common';
import { Database } from '../postgres/database.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../postgres/errors.js';
import { sql, type Statement } from '../postgres/sql.js';

/** When a day's run is due, counted from midnight in UTC: it is quiet then. */
const DUE_AT = '3 hours 17 minutes';

/** A run of which no batch has begun for so long has lost its process. */
const LOST = '15 minutes';

const TURN = 'retention turn';

/**
 * Comes first in a batch's transaction: holds the turn for it, and tells that the run goes on. Whoever
 * meets the turn taken leaves the rest of the run to the other process.
 */
export const takeTurn: readonly Statement[] = [
  sql`SELECT guard(pg_try_advisory_xact_lock(hashtextextended('retention', 0)), ${TURN})`,
  sql`UPDATE retention_runs SET begun_at = now()`,
];

/** Did a batch meet another process at work? */
export function isTurnTaken(error: unknown): boolean {
  return failedWith(error, SQLSTATE.guardFailed) && asDatabaseError(error)?.detail === TURN;
}

/** Which process does the day's run, and whether it is done. Time is the database's. */
@Injectable()
export class RetentionTurn {
  constructor(private readonly database: Database) {}

  /**
   * Takes the run that is due; answers false when none is, or another process is at it. A run whose
   * time came while no process was there to see it stays due until one has been through it.
   */
  async claim(): Promise<boolean> {
    const [claimed] = await this.database.asWorker([
      sql`UPDATE retention_runs SET begun_at = now()
        WHERE begun_at < now() - ${LOST}::interval
          AND ended_at < (date_trunc('day', now() AT TIME ZONE 'UTC' - ${DUE_AT}::interval)
            + ${DUE_AT}::interval) AT TIME ZONE 'UTC'`,
    ]);
    return claimed?.rowCount === 1;
  }

  /** A run has been through all rules: the next one is that of the next day. */
  async end(): Promise<void> {
    await this.database.asWorker([sql`UPDATE retention_runs SET ended_at = now()`]);
  }
}
