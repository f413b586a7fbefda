import type { Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { closeItem, openItem } from '../../kernel/open-items/index.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { ownerOf } from '../domain/difference.js';
import type { OpenDifference, Plan, SeenDifference } from '../domain/plan.js';

export function openReading(tenantId: Uuid): Statement {
  return sql`SELECT id, class, class || ' ' || movement || ' ' || subject_id AS identity
    FROM reconciliation_differences WHERE tenant_id = ${tenantId} AND resolved_at IS NULL`;
}

export function openOf(result: Result | undefined): OpenDifference[] {
  return (result?.rows ?? []).map((row) => ({
    id: row.id as Uuid,
    identity: row.identity as string,
    cause: row.class as string,
  }));
}

/** Records what a run saw and what was gone, with the items of what needs a human. */
export function recordPlan(tenantId: Uuid, runId: Uuid, { seen, gone }: Plan): Statement[] {
  return [
    resolveGone(
      tenantId,
      gone.map(({ id }) => id),
    ),
    recordSeen(tenantId, runId, seen),
    ...seen.filter(({ fix }) => fix === null).map((one) => forHuman(tenantId, one)),
    ...gone.map(({ id, cause }) =>
      closeItem(tenantId, itemKind(cause), id, 'The two sides agree again'),
    ),
  ];
}

function itemKind(cause: string): string {
  return `reconciliation_${cause}`;
}

function forHuman(tenantId: Uuid, difference: SeenDifference): Statement {
  const { id, cause, movement, subjectType, subjectId, paymentId, currency } = difference;
  return openItem(tenantId, {
    kind: itemKind(cause),
    subjectType: 'reconciliation_difference',
    subjectId: id,
    cause: `Provider and books differ: ${cause}, ${movement}, ${subjectType} ${subjectId}`,
    ...(currency !== null && { atRisk: { cents: bounded(difference.atRiskCents), currency } }),
    details: { ...difference.details, paymentId, owner: ownerOf(difference) },
  });
}

/** An item names one line's worth at most; the difference itself says all. */
function bounded(cents: bigint) {
  const most = 9_999_999_999n;
  return toCents(cents > most ? most : cents);
}

function resolveGone(tenantId: Uuid, ids: readonly Uuid[]): Statement {
  return sql`UPDATE reconciliation_differences SET resolved_at = now()
    WHERE tenant_id = ${tenantId} AND id = ANY(${[...ids]}::uuid[]) AND resolved_at IS NULL`;
}

function recordSeen(tenantId: Uuid, runId: Uuid, seen: readonly SeenDifference[]): Statement {
  return sql`
    INSERT INTO reconciliation_differences AS d (tenant_id, id, class, movement, subject_type,
      subject_id, payment_id, cents, at_risk_cents, currency, fix, owner, occurred_at, details,
      first_run_id, last_run_id)
    SELECT ${tenantId}::uuid, s.*, ${runId}::uuid, ${runId}::uuid FROM unnest(
      ${seen.map(({ id }) => id)}::uuid[],
      ${seen.map(({ cause }) => cause)}::text[],
      ${seen.map(({ movement }) => movement)}::text[],
      ${seen.map(({ subjectType }) => subjectType)}::text[],
      ${seen.map(({ subjectId }) => subjectId)}::text[],
      ${seen.map(({ paymentId }) => paymentId)}::uuid[],
      ${seen.map(({ cents }) => cents)}::bigint[],
      ${seen.map(({ atRiskCents }) => atRiskCents)}::bigint[],
      ${seen.map(({ currency }) => currency)}::text[],
      ${seen.map(({ fix }) => fix)}::text[],
      ${seen.map((one) => (one.fix === null ? ownerOf(one) : null))}::text[],
      ${seen.map(({ occurredAt }) => occurredAt)}::timestamptz[],
      ${seen.map(({ details }) => JSON.stringify(details))}::jsonb[]
    ) s
    ON CONFLICT (tenant_id, id) DO UPDATE SET cents = excluded.cents,
      at_risk_cents = excluded.at_risk_cents, fix = excluded.fix, owner = excluded.owner,
      payment_id = excluded.payment_id, details = excluded.details,
      last_run_id = excluded.last_run_id, last_seen = now(), times_seen = d.times_seen + 1`;
}
