import pg from 'pg';
import type { TruthDump } from '../../../src/sandbox/stripe/truth.js';
import { HISTORY } from './history.js';
import { MONEY } from './money.js';
import { SALES } from './sales.js';

/** What the auditor looks at: a database, and what the provider knows to be true. */
export interface Audited {
  readonly description: { readonly databaseUrl: string };
  readonly stripe: { truth(): TruthDump };
}

/**
 * The violated invariants, one text each that begins with the invariant's number; empty when all
 * hold. Everything must be at rest, or `graceSeconds` be as long as something may stay open.
 */
export async function checkInvariants(world: Audited, graceSeconds = 0): Promise<string[]> {
  const client = new pg.Client(world.description.databaseUrl);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query(`CREATE FUNCTION pg_temp.audit_grace() RETURNS interval LANGUAGE sql
      RETURN interval '${Math.trunc(graceSeconds)} seconds'`);
    await client.query('SET LOCAL search_path = public, pg_temp');
    await loadCharges(client, world.stripe.truth());
    const violated: string[] = [];
    for (const { invariant, violations } of [...MONEY, ...SALES, ...HISTORY]) {
      const { rows } = await client.query<{ found: string }>(
        violations.replaceAll('audit_grace()', 'pg_temp.audit_grace()'),
      );
      violated.push(...rows.map(({ found }) => `${invariant}: ${found}`));
    }
    return violated;
  } finally {
    await client.end();
  }
}

async function loadCharges(client: pg.Client, truth: TruthDump): Promise<void> {
  const cancelled = new Set(
    truth.intents.filter(({ status }) => status === 'canceled').map(({ id }) => id),
  );
  const charges = truth.charges
    .filter(({ status }) => status === 'succeeded')
    .map((charge) => ({
      id: charge.id,
      intent: charge.paymentIntent,
      payment_id: charge.metadata.payment_id ?? null,
      tenant_id: charge.metadata.tenant_id ?? null,
      amount: charge.amount,
      taken: charge.amountCaptured,
      captured: charge.captured,
      cancelled: cancelled.has(charge.paymentIntent),
      currency: charge.currency,
    }));
  await client.query(
    `CREATE TEMP TABLE provider_charges (id text, intent text, payment_id text, tenant_id text,
      amount bigint, taken bigint, captured boolean, cancelled boolean, currency text)`,
  );
  await client.query(
    `INSERT INTO provider_charges
      SELECT * FROM jsonb_populate_recordset(NULL::provider_charges, $1)`,
    [JSON.stringify(charges)],
  );
}
