import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the provider's account says, what was found when it was held against the books, and when. */
export class Reconciliation1764000400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A tenant's lines of the provider's account; those that belong to nobody are the platform's.
      -- payment_id: the payment they are about, where one of ours says so.
      CREATE TABLE provider_balance_transactions (
        tenant_id uuid NOT NULL,
        provider text NOT NULL,
        id text NOT NULL,
        type text NOT NULL,
        source text,
        source_kind text NOT NULL CHECK (source_kind IN ('charge', 'refund', 'dispute', 'other')),
        reference text,
        payment_id uuid,
        amount_cents bigint NOT NULL,
        fee_cents bigint NOT NULL,
        net_cents bigint NOT NULL GENERATED ALWAYS AS (amount_cents - fee_cents) STORED,
        -- What the ledger calls the amount, and the fee.
        movement text NOT NULL,
        fee_movement text NOT NULL,
        currency char(3) NOT NULL,
        created_at timestamptz NOT NULL,
        matched_journal_id uuid,
        imported_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, provider, id)
      );
      CREATE INDEX provider_balance_transactions_payment
        ON provider_balance_transactions (tenant_id, payment_id);
      CREATE INDEX provider_balance_transactions_id
        ON provider_balance_transactions (provider, id);
      SELECT protect_tenant_table('provider_balance_transactions', 'full', 'full');

      -- Everything up to here was read: the next reading begins a little before it.
      CREATE TABLE provider_import_marks (
        tenant_id uuid NOT NULL,
        provider text NOT NULL,
        complete_to timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, provider)
      );
      SELECT protect_tenant_table('provider_import_marks', 'read', 'full');

      CREATE TABLE reconciliation_runs (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        trigger text NOT NULL CHECK (trigger IN ('schedule', 'request')),
        requested_by uuid,
        status text NOT NULL DEFAULT 'running'
          CHECK (status IN ('running', 'incomplete', 'completed', 'failed')),
        step text NOT NULL DEFAULT 'requested'
          CHECK (step IN ('requested', 'imported', 'matched', 'settled', 'closed')),
        reason text,
        figures jsonb NOT NULL DEFAULT '{}',
        requested_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        PRIMARY KEY (tenant_id, id)
      );
      CREATE UNIQUE INDEX reconciliation_runs_open ON reconciliation_runs (tenant_id)
        WHERE status IN ('running', 'incomplete');
      SELECT protect_tenant_table('reconciliation_runs', 'full', 'full');

      -- cents: its part of "provider less ledger", signed; at_risk_cents: what it is about.
      CREATE TABLE reconciliation_differences (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        class text NOT NULL,
        movement text NOT NULL,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        payment_id uuid,
        cents bigint NOT NULL,
        at_risk_cents bigint NOT NULL CHECK (at_risk_cents >= 0),
        currency char(3),
        fix text CHECK (fix IN ('review', 'settle', 'retry', 'wait')),
        owner text CHECK (owner IN ('finance', 'operations')),
        occurred_at timestamptz NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        first_run_id uuid NOT NULL,
        last_run_id uuid NOT NULL,
        first_seen timestamptz NOT NULL DEFAULT now(),
        last_seen timestamptz NOT NULL DEFAULT now(),
        times_seen integer NOT NULL DEFAULT 1,
        resolved_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CHECK (num_nonnulls(fix, owner) = 1),
        CHECK (currency IS NOT NULL OR (cents = 0 AND at_risk_cents = 0))
      );
      CREATE UNIQUE INDEX reconciliation_differences_once ON reconciliation_differences
        (tenant_id, class, movement, subject_id) WHERE resolved_at IS NULL;
      CREATE INDEX reconciliation_differences_seen
        ON reconciliation_differences (tenant_id, last_run_id);
      SELECT protect_tenant_table('reconciliation_differences');
    `);
    await db.query(PAIRS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION reconciliation_pairs(uuid, text, text, text[], text[]);
      DROP TABLE reconciliation_differences, reconciliation_runs, provider_import_marks,
        provider_balance_transactions;
    `);
  }
}

/**
 * The provider's lines beside the entries on its clearing account, pair by pair: same payment, same
 * movement, same amount and currency, the oldest with the oldest. A fee is a side of its own. What
 * stands alone has nothing on the other side; a line that belongs to no payment always does, whole.
 * kinds and movements say what each kind of journal is called.
 */
const PAIRS = `
  CREATE FUNCTION reconciliation_pairs(
    tenant uuid, vendor text, clearing text, kinds text[], movements text[]
  ) RETURNS TABLE (
    payment_id uuid, movement text, cents bigint, currency char(3),
    line_id text, line_type text, source text, reference text, line_at timestamptz,
    journal_id uuid, journal_kind text, journal_at timestamptz
  ) LANGUAGE sql STABLE AS $$
    WITH lines AS (
      SELECT l.payment_id, p.movement, p.cents, l.currency, l.id, l.type, l.source, l.reference,
        l.created_at, row_number() OVER (PARTITION BY l.payment_id, p.movement, p.cents, l.currency
          ORDER BY l.created_at, l.id) AS place
      FROM provider_balance_transactions l CROSS JOIN LATERAL (
        SELECT l.movement, l.amount_cents AS cents WHERE l.payment_id IS NOT NULL
        UNION ALL SELECT l.fee_movement, -l.fee_cents WHERE l.payment_id IS NOT NULL
        UNION ALL SELECT l.movement, l.net_cents WHERE l.payment_id IS NULL
      ) p
      WHERE l.tenant_id = tenant AND l.provider = vendor AND p.cents <> 0
    ), booked AS (
      SELECT e.journal_id, e.currency, sum(e.amount_cents)::bigint AS cents,
        min(e.posted_at) AS posted_at
      FROM ledger_entries e WHERE e.tenant_id = tenant AND e.account = clearing
      GROUP BY e.journal_id, e.currency HAVING sum(e.amount_cents) <> 0
    ), entries AS (
      SELECT j.reference_id, coalesce(m.movement, 'other') AS movement, b.cents, b.currency,
        b.journal_id, coalesce(j.kind, 'none') AS kind, b.posted_at,
        row_number() OVER (PARTITION BY j.reference_id, m.movement, b.cents, b.currency
          ORDER BY b.posted_at, b.journal_id) AS place
      FROM booked b
      LEFT JOIN ledger_journals j ON j.tenant_id = tenant AND j.id = b.journal_id
      LEFT JOIN unnest(kinds, movements) AS m (kind, movement) ON m.kind = j.kind
    )
    SELECT coalesce(l.payment_id, e.reference_id), coalesce(l.movement, e.movement),
      coalesce(l.cents, e.cents), coalesce(l.currency, e.currency),
      l.id, l.type, l.source, l.reference, l.created_at, e.journal_id, e.kind, e.posted_at
    FROM lines l FULL JOIN entries e ON e.reference_id = l.payment_id AND e.movement = l.movement
      AND e.cents = l.cents AND e.currency = l.currency AND e.place = l.place $$;
`;
