import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import type { Cause, Fix, Owner } from '../domain/difference.js';
import type { Movement } from '../domain/movements.js';
import { type RecordedRun, runOf, runReading } from '../infra/run-rows.js';

/** A difference as it stands on record; amounts in cents. */
export interface RecordedDifference {
  readonly id: Uuid;
  readonly cause: Cause;
  readonly movement: Movement | 'none';
  readonly subjectType: string;
  readonly subjectId: string;
  readonly paymentId: Uuid | null;
  readonly cents: bigint;
  readonly atRiskCents: bigint;
  readonly currency: string | null;
  readonly fix: Fix | null;
  readonly owner: Owner | null;
  readonly ageSeconds: number;
  readonly details: object;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly timesSeen: number;
  readonly resolvedAt: Date | null;
}

export interface RunReport {
  readonly run: RecordedRun;
  /** The weightiest first, at most `SHOWN` of them. */
  readonly differences: readonly RecordedDifference[];
  /** By cause and currency, of all of them. */
  readonly totals: readonly {
    readonly cause: string;
    readonly currency: string | null;
    readonly count: number;
    readonly cents: bigint;
  }[];
}

const SHOWN = 500;

/** A run with what was open when it ended. Refuses (NOT_FOUND) what the tenant has no such run of. */
export class GetRun extends Query<RunReport | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly runId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetRun)
export class GetRunHandler implements IQueryHandler<GetRun> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, runId }: GetRun): Promise<RunReport | Refusal> {
    const [run, found, summed] = await this.database.read(tenantId, [
      runReading(tenantId, runId),
      sql`
        SELECT d.*, extract(epoch FROM coalesce(d.resolved_at, now()) - d.occurred_at)::float8 AS age
        FROM reconciliation_differences d
        JOIN reconciliation_runs r ON r.tenant_id = d.tenant_id AND r.id = ${runId}
        WHERE d.tenant_id = ${tenantId} AND d.first_seen <= r.completed_at
          AND (d.resolved_at IS NULL OR d.resolved_at > r.completed_at)
        ORDER BY d.at_risk_cents DESC, d.id LIMIT ${SHOWN}`,
      sql`
        SELECT d.class, d.currency, count(*)::integer AS count, sum(d.cents)::bigint AS cents
        FROM reconciliation_differences d
        JOIN reconciliation_runs r ON r.tenant_id = d.tenant_id AND r.id = ${runId}
        WHERE d.tenant_id = ${tenantId} AND d.first_seen <= r.completed_at
          AND (d.resolved_at IS NULL OR d.resolved_at > r.completed_at)
        GROUP BY d.class, d.currency ORDER BY d.class, d.currency`,
    ]);
    const [row] = run?.rows ?? [];
    if (!row) return refuse('NOT_FOUND', 'There is no such run.');
    return {
      run: runOf(row),
      differences: (found?.rows ?? []).map(differenceOf),
      totals: (summed?.rows ?? []).map((total) => ({
        cause: total.class as string,
        currency: total.currency as string | null,
        count: total.count as number,
        cents: total.cents as bigint,
      })),
    };
  }
}

function differenceOf(row: Readonly<Record<string, unknown>>): RecordedDifference {
  return {
    id: row.id as Uuid,
    cause: row.class as Cause,
    movement: row.movement as RecordedDifference['movement'],
    subjectType: row.subject_type as string,
    subjectId: row.subject_id as string,
    paymentId: row.payment_id as Uuid | null,
    cents: row.cents as bigint,
    atRiskCents: row.at_risk_cents as bigint,
    currency: row.currency as string | null,
    fix: row.fix as Fix | null,
    owner: row.owner as Owner | null,
    ageSeconds: Math.max(0, Math.floor(row.age as number)),
    details: row.details as object,
    firstSeen: row.first_seen as Date,
    lastSeen: row.last_seen as Date,
    timesSeen: row.times_seen as number,
    resolvedAt: row.resolved_at as Date | null,
  };
}
