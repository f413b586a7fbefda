import type { ValueProvider } from '@nestjs/common';
import { type Statement, statement } from '../postgres/sql.js';

const BATCH = 1_000;

/**
 * How long a table's rows are kept. Everything here is source code and becomes SQL as it stands:
 * nothing of it may come from outside. In `where` the row is called `r`.
 */
export interface RetentionRule {
  readonly table: string;
  /** The primary key. */
  readonly key: readonly string[];
  /** `archive` moves rows to `<table>_archive`, which has the table's columns and `archived_at`. */
  readonly what: 'delete' | 'archive';
  /** Counted from a column; a row without that instant is kept. `age` is an interval. */
  readonly olderThan: { readonly column: string; readonly age: string };
  /** Must be false for every row whose work is not finished or whose outcome is unknown. */
  readonly where: string;
  /** Rows a transaction; 1,000 unless told. */
  readonly batch?: number;
  /** Tables that have the same key columns, and whose rows mean nothing without these. */
  readonly companions?: readonly string[];
}

/** A module's rules as a provider that `Retention` finds. */
export class RetentionRules {
  constructor(readonly rules: readonly RetentionRule[]) {}
}

/** For the `providers` of the module that owns the tables. */
export function retention(...rules: readonly RetentionRule[]): ValueProvider<RetentionRules> {
  return { provide: Symbol('retention'), useValue: new RetentionRules(rules) };
}

export function batchSize({ batch = BATCH }: RetentionRule): number {
  return batch;
}

export function nameOf({ what, table, where }: RetentionRule): string {
  return `${what} ${table} where ${where}`;
}

/**
 * Takes one batch of a rule's rows, in the worker's transaction, and answers how many in `rows`. Rows
 * that somebody holds are left for the next run.
 */
export function batchOf(rule: RetentionRule): Statement {
  const { table, key, what, olderThan, where, companions = [] } = rule;
  const same = (row: string) =>
    key.map((column) => `${row}.${column} = old.${column}`).join(' AND ');
  const steps = [
    `old AS MATERIALIZED (
      SELECT ${key.map((column) => `r.${column}`).join(', ')} FROM ${table} r
      WHERE r.${olderThan.column} < now() - interval '${olderThan.age}' AND (${where})
      LIMIT $1 FOR UPDATE OF r SKIP LOCKED
    )`,
    ...companions.map(
      (name) => `with_${name} AS (DELETE FROM ${name} c USING old WHERE ${same('c')})`,
    ),
    `gone AS (DELETE FROM ${table} r USING old WHERE ${same('r')} RETURNING r.*)`,
    ...(what === 'archive' ? [archived(`${table}_archive`)] : []),
  ];
  const text = `WITH ${steps.join(', ')} SELECT count(*)::integer AS rows FROM gone`;
  return statement(text, [batchSize(rule)]);
}

/** By name, not by place: the two tables may have got their columns in another order. */
function archived(archive: string): string {
  return `kept AS (
    INSERT INTO ${archive} SELECT a.* FROM gone, jsonb_populate_record(NULL::${archive},
      to_jsonb(gone) || jsonb_build_object('archived_at', now())) a
  )`;
}
