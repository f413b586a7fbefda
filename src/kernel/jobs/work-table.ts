import type { Uuid } from '../ids.js';
import { withTraceparent } from '../observability/trace-context.js';
import type { Database } from '../postgres/database.js';
import { type Statement, statement } from '../postgres/sql.js';
import type { WorkCounts, WorkRef, WorkSource } from './work-source.js';

/**
 * A table whose rows are work: it has `tenant_id`, `id`, `status`, `attempts`, `next_attempt_at`,
 * `lease_until` and `traceparent`. Everything here is source code and becomes SQL as it stands: nothing of it may come
 * from outside.
 */
export interface WorkTable {
  readonly table: string;
  /** Which rows are this source's at all, where it shares the table with others. */
  readonly scope?: string;
  /** Which of them are not finished, claimed or not; the condition of the partial index. */
  readonly open: string;
  /** What a claim sets beside the lease, such as `status = 'processing'`. */
  readonly claimed?: string;
  /** Longer than the work takes: every socket in it has a timeout of its own. */
  readonly leaseSeconds: number;
  /** Rows that a process works on at once. */
  readonly atOnce: number;
}

type Row = Record<string, unknown>;

/** The rows of a table as a source of work: `work` gets each claimed row and settles it. */
export function workOn(
  database: Database,
  { table, ...source }: Pick<WorkSource, 'name' | 'queue' | 'servesItself'> & { table: WorkTable },
  work: (row: Row) => Promise<void>,
): WorkSource {
  const statements = statementsOf(table);
  const inItsTrace = (row: Row) =>
    withTraceparent(row.traceparent as string | null, source.name, () => work(row));
  const run = async (statement: Statement) => {
    const [result] = await database.asWorker([statement]);
    return result?.rows ?? [];
  };
  return {
    ...source,
    atOnce: table.atOnce,
    pass: async (overdueSeconds = 0) => {
      const rows = await run(statements.claim(overdueSeconds));
      await Promise.all(rows.map(inItsTrace));
      return rows.length;
    },
    due: async (limit) => (await run(statements.due(limit))) as unknown as WorkRef[],
    take: async (ref) => {
      await Promise.all((await run(statements.claimOne(ref))).map(inItsTrace));
    },
    counts: async () => (await run(statements.counts))[0] as unknown as WorkCounts,
  };
}

function statementsOf({ table, scope, claimed, leaseSeconds, atOnce, ...rest }: WorkTable) {
  const within = (condition: string) =>
    scope === undefined ? condition : `${scope} AND (${condition})`;
  const open = within(rest.open);
  const free = `${open} AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())`;
  // The lease is compared with what JavaScript read of it, which has milliseconds.
  const lease = `lease_until = date_trunc('milliseconds', now()) + interval '${leaseSeconds} seconds'`;
  const take = `UPDATE ${table} w SET ${claimed === undefined ? '' : `${claimed}, `}${lease}`;
  return {
    // Its limit is literal, so that the plan never changes.
    claim: (overdueSeconds: number) =>
      statement(
        `WITH due AS MATERIALIZED (
          SELECT tenant_id, id FROM ${table}
          WHERE ${free} AND next_attempt_at <= now() - make_interval(secs => $1)
          ORDER BY next_attempt_at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED
        )
        ${take} FROM due d WHERE w.tenant_id = d.tenant_id AND w.id = d.id RETURNING w.*`,
        [overdueSeconds],
      ),
    claimOne: ({ tenantId, id }: { tenantId: Uuid; id: Uuid }) =>
      statement(`${take} WHERE tenant_id = $1 AND id = $2 AND ${free} RETURNING w.*`, [
        tenantId,
        id,
      ]),
    due: (limit: number) =>
      statement(
        `SELECT tenant_id AS "tenantId", id, attempts FROM ${table} WHERE ${free}
         ORDER BY next_attempt_at LIMIT $1`,
        [limit],
      ),
    counts: statement(`
      SELECT
        count(*) FILTER (WHERE ${free})::integer AS waiting,
        count(*) FILTER (WHERE ${open} AND lease_until > now())::integer AS active,
        count(*) FILTER (WHERE ${open} AND lease_until IS NULL AND next_attempt_at > now())::integer
          AS delayed,
        count(*) FILTER (WHERE status = 'failed')::integer AS failed
      FROM ${table} WHERE ${within(`${rest.open} OR status = 'failed'`)}`),
  };
}
