import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Uuid } from '../ids.js';
import {
  asDatabaseError,
  CommitUnknown,
  DatabaseUnavailable,
  isDatabaseAway,
  isRetryable,
} from './errors.js';
import { pipeline, type Result } from './pipeline.js';
import { sql, type Statement } from './sql.js';

const ATTEMPTS = 5;

/** Named by its own text, so that a trace of the wire can be read. */
const bare = (text: string): Statement => ({ text, name: text, values: [] });
const BEGIN = bare('BEGIN');
const BEGIN_READING = bare('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
const COMMIT = bare('COMMIT');

/**
 * The only way to PostgreSQL. Each call is one transaction and one round trip: its statements are
 * pipelined, none sees another's answer, and what must stop the rest raises in SQL.
 * The application's connections are bound by row-level security to the tenant named in the call;
 * the worker's see the queues of every tenant.
 */
export class Database {
  constructor(
    private readonly application: Pool,
    private readonly worker: Pool,
  ) {}

  /**
   * Runs the statements as `tenantId`, all or nothing, and answers one result per statement.
   * Deadlocks, lock time-outs and terminated backends are tried again. Throws PostgreSQL's refusal, `DatabaseUnavailable`
   * when nothing ran, or `CommitUnknown` when the connection broke before the answer came.
   */
  transact(tenantId: Uuid, statements: readonly Statement[]): Promise<Result[]> {
    return this.run(this.application, BEGIN, [bind(tenantId), ...statements], 1);
  }

  /** As `transact`, on one read-only snapshot. */
  read(tenantId: Uuid, statements: readonly Statement[]): Promise<Result[]> {
    return this.run(this.application, BEGIN_READING, [bind(tenantId), ...statements], 1);
  }

  /** As `transact`, as the worker role: for queues and roll-ups that span tenants. */
  asWorker(statements: readonly Statement[]): Promise<Result[]> {
    return this.run(this.worker, BEGIN, statements, 0);
  }

  private async run(
    pool: Pool,
    begin: Statement,
    statements: readonly Statement[],
    preamble: number,
  ): Promise<Result[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const results = await this.once(pool, [begin, ...statements, COMMIT]);
        return results.slice(1 + preamble, -1);
      } catch (error) {
        if (!isRetryable(error) || attempt === ATTEMPTS) throw error;
        await sleep(attempt * 10 * (0.5 + Math.random()));
      }
    }
  }

  private async once(pool: Pool, statements: readonly Statement[]): Promise<Result[]> {
    const client = await connect(pool);
    try {
      const results = await pipeline(client, statements);
      if (results.at(-1)?.command !== 'COMMIT') throw new Error('the transaction was rolled back');
      client.release();
      return results;
    } catch (error) {
      const refused = asDatabaseError(error) !== undefined;
      const fit = refused && !isDatabaseAway(error) && (await rolledBack(client));
      client.release(!fit);
      throw refused ? error : new CommitUnknown(error);
    }
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    const client = await pool.connect();
    // A connection that breaks fails its statements; the event beside that would, unheard, end the
    // process.
    if (client.listenerCount('error') === 0) client.on('error', () => undefined);
    return client;
  } catch (error) {
    throw new DatabaseUnavailable(error);
  }
}

/** After a refusal: is the connection free of the transaction, and fit for another one? */
async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** Its own statement: inside a CTE the order against the others would be open. */
function bind(tenantId: Uuid): Statement {
  return sql`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
}
