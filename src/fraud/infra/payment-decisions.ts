import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { Verdict } from '../domain/scoring/index.js';

/** A verdict in brief. */
export type DecisionSummary = Pick<Verdict, 'decision' | 'score' | 'reasons' | 'ruleSet'> & {
  readonly id: Uuid;
};

/** Reads what was decided on some payments, for the caller's own batch; see `parseDecisions`. */
export function readDecisions(tenantId: Uuid, paymentIds: readonly Uuid[]): Statement {
  return sql`SELECT id, payment_id, verdict FROM fraud_checks
    WHERE tenant_id = ${tenantId} AND payment_id = ANY(${[...paymentIds]}::uuid[])`;
}

/** By payment; those whose record has been deleted are absent. */
export function parseDecisions(result: Result | undefined): ReadonlyMap<Uuid, DecisionSummary> {
  return new Map(
    (result?.rows ?? []).map((row) => {
      const { decision, score, reasons, ruleSet } = row.verdict as Verdict;
      return [row.payment_id as Uuid, { id: row.id as Uuid, decision, score, reasons, ruleSet }];
    }),
  );
}
