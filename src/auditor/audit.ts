import pg from 'pg';
import { INVARIANTS } from './invariants/index.js';
import type { Rule } from './invariants/rule.js';
import { SOURCES } from './invariants/sources.js';
import type { ProviderRecord } from './provider/provider-record.js';

/** One rule and what breaks it; empty where it holds. */
export interface Finding {
  readonly invariant: string;
  readonly rule: string;
  readonly violations: readonly string[];
}

export interface AuditOptions {
  /** How long something may be under way: what is younger is not judged by how it ends. */
  readonly maxAgeSeconds: number;
  /** How long an idempotency key is remembered. */
  readonly keyLifetimeSeconds: number;
}

/**
 * Checks every rule in one snapshot of a database, which nothing here can write to. The provider is
 * read first: what it knows was begun before, so the snapshot has it. A rule whose question cannot
 * be asked of damaged rows is violated.
 */
export async function audit(
  databaseUrl: string,
  readProvider: () => Promise<ProviderRecord>,
  options: AuditOptions,
): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'tickettoken-auditor',
    connectionTimeoutMillis: 10_000,
    options: '-c jit=off',
  });
  await client.connect();
  try {
    const began = await client.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const record = await readProvider();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await seeEverything(client);
    // Nothing is known of the sizes of what is folded here: a guess would join them row by row.
    await client.query(`SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;
      SET LOCAL work_mem = '64MB'`);
    await client.query(
      `SELECT set_config('audit.provider', $1, true),
        set_config('audit.horizon', ($2::timestamptz - make_interval(secs => $3))::text, true),
        set_config('audit.key_lifetime', make_interval(secs => $4)::text, true)`,
      [
        JSON.stringify(record),
        began.rows[0]?.now,
        options.maxAgeSeconds,
        options.keyLifetimeSeconds,
      ],
    );
    const findings: Finding[] = [];
    for (const rule of INVARIANTS) findings.push(await check(client, rule));
    return findings;
  } finally {
    await client.end();
  }
}

/** Row-level security hides every tenant from whoever is neither a superuser nor the worker. */
async function seeEverything(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ unbound: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.unbound !== true) await client.query('SET LOCAL ROLE tickettoken_worker');
}

async function check(client: pg.Client, rule: Rule): Promise<Finding> {
  await client.query('SAVEPOINT rule');
  const violations = await ask(client, rule).catch((error: unknown) => [
    `could not be checked: ${error instanceof Error ? error.message : String(error)}`,
  ]);
  await client.query('ROLLBACK TO rule');
  return { invariant: rule.invariant, rule: rule.rule, violations };
}

async function ask(client: pg.Client, { violations, also, asStranger }: Rule): Promise<string[]> {
  if (asStranger) {
    await client.query(`SET LOCAL ROLE tickettoken_app`);
    await client.query(`SELECT set_config('app.tenant_id', gen_random_uuid()::text, true)`);
  }
  const sources = also === undefined ? SOURCES : `${SOURCES}, ${also}`;
  const { rows } = await client.query<{ found: string }>(`WITH RECURSIVE ${sources} ${violations}`);
  return rows.map(({ found }) => found);
}
