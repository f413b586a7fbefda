import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Double entry: accounts, journals, append-only entries, balances rolled up to a safe watermark. */
export class Ledger1763000200000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE ledger_watermark (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        system_identifier bigint NOT NULL,
        epoch smallint NOT NULL DEFAULT 1,
        tx_id xid8 NOT NULL DEFAULT '0'
      );
      INSERT INTO ledger_watermark (system_identifier)
        SELECT system_identifier FROM pg_control_system();
      CREATE FUNCTION ledger_epoch() RETURNS smallint LANGUAGE sql STABLE AS
        $$ SELECT epoch FROM ledger_watermark $$;

      CREATE TABLE ledger_accounts (
        tenant_id uuid NOT NULL,
        account text NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, account)
      );
      SELECT protect_tenant_table('ledger_accounts', 'append');

      CREATE TABLE ledger_journals (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL,
        reference_id uuid NOT NULL,
        posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, id)
      );
      CREATE UNIQUE INDEX ledger_journals_reference
        ON ledger_journals (tenant_id, reference_id, kind, id);
      SELECT protect_tenant_table('ledger_journals', 'append');

      -- amount_cents: debit positive, credit negative. code names the line (tickets, platform_fee …).
      -- business_date is the day at the venue. tx_id orders entries by what can be seen, epoch tells
      -- apart the clusters a database has lived in: the roll-ups' watermark rests on both.
      -- Defaults are taken in this order: an entry is stamped after its transaction got its id.
      CREATE TABLE ledger_entries (
        tenant_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        line smallint NOT NULL,
        account text NOT NULL,
        code text NOT NULL,
        currency char(3) NOT NULL,
        amount_cents bigint NOT NULL
          CHECK (amount_cents <> 0 AND abs(amount_cents) <= 9999999999),
        business_date date NOT NULL,
        tx_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        epoch smallint NOT NULL DEFAULT ledger_epoch(),
        PRIMARY KEY (tenant_id, journal_id, line)
      );
      CREATE INDEX ledger_entries_account ON ledger_entries (tenant_id, account, tx_id);
      CREATE INDEX ledger_entries_watermark ON ledger_entries (tx_id);
      SELECT protect_tenant_table('ledger_entries', 'append');

      CREATE TABLE ledger_balances (
        tenant_id uuid NOT NULL,
        account text NOT NULL,
        currency char(3) NOT NULL,
        code text NOT NULL,
        month date NOT NULL,
        balance_cents bigint NOT NULL,
        PRIMARY KEY (tenant_id, account, currency, code, month)
      );
      SELECT protect_tenant_table('ledger_balances', 'read', 'full');

      CREATE TABLE ledger_checkpoints (
        epoch smallint NOT NULL,
        taken_at timestamptz NOT NULL,
        next_tx_id xid8 NOT NULL,
        PRIMARY KEY (epoch, taken_at)
      );
      GRANT SELECT ON ledger_watermark, ledger_checkpoints TO tickettoken_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_watermark, ledger_checkpoints TO tickettoken_worker;
    `);
    await db.query(ZERO_SUM);
    await db.query(ROLL_UP);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION ledger_roll_up();
      DROP FUNCTION ledger_month_to_date(uuid, text, text, char, date);
      DROP TABLE ledger_balances, ledger_entries, ledger_journals, ledger_accounts;
      DROP FUNCTION entries_sum_to_zero();
      DROP FUNCTION journal_sums_to_zero();
      DROP FUNCTION ledger_epoch();
      DROP TABLE ledger_checkpoints, ledger_watermark;
    `);
  }
}

/**
 * Both checks run as a role that sees every row, so that no tenant setting hides an entry. The one
 * on entries sees what a statement added; the deferred one on journals also refuses a journal that
 * has no entries when its transaction commits.
 */
const ZERO_SUM = `
  CREATE FUNCTION entries_sum_to_zero() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
  DECLARE bad record;
  BEGIN
    SELECT e.journal_id, e.currency, sum(e.amount_cents) AS total INTO bad
      FROM (SELECT DISTINCT tenant_id, journal_id FROM added) a
      JOIN ledger_entries e USING (tenant_id, journal_id)
      GROUP BY e.tenant_id, e.journal_id, e.currency
      HAVING sum(e.amount_cents) IS DISTINCT FROM 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'journal % does not sum to zero: % %', bad.journal_id, bad.total, bad.currency
        USING ERRCODE = 'TT005';
    END IF;
    RETURN NULL;
  END $$;
  GRANT CREATE ON SCHEMA public TO tickettoken_worker;
  ALTER FUNCTION entries_sum_to_zero() OWNER TO tickettoken_worker;
  CREATE TRIGGER zero_sum AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION entries_sum_to_zero();

  CREATE FUNCTION journal_sums_to_zero() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
  DECLARE entries bigint; unbalanced bigint;
  BEGIN
    SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE total IS DISTINCT FROM 0)
      INTO entries, unbalanced
      FROM (SELECT count(*) AS n, sum(amount_cents) AS total FROM ledger_entries
        WHERE tenant_id = NEW.tenant_id AND journal_id = NEW.id GROUP BY currency) per_currency;
    IF entries < 2 OR unbalanced > 0 THEN
      RAISE EXCEPTION 'journal % has % entries and % unbalanced currencies',
        NEW.id, entries, unbalanced USING ERRCODE = 'TT005';
    END IF;
    RETURN NULL;
  END $$;
  ALTER FUNCTION journal_sums_to_zero() OWNER TO tickettoken_worker;
  REVOKE CREATE ON SCHEMA public FROM tickettoken_worker;
  CREATE CONSTRAINT TRIGGER zero_sum AFTER INSERT ON ledger_journals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_sums_to_zero();
`;

/**
 * Rolls entries up to the oldest transaction still running. After a restore into another cluster
 * transaction ids start again: everything is summed afresh and a new epoch begins.
 */
const ROLL_UP = `
  CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER history BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

  CREATE FUNCTION ledger_month_to_date(
    tenant uuid, of text, line_code text, money char(3), day date
  )
    RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT -(
      coalesce((SELECT sum(balance_cents) FROM ledger_balances
        WHERE tenant_id = tenant AND account = of AND currency = money AND code = line_code
          AND month = date_trunc('month', day)::date), 0)
      -- Scalar sub-queries, not a join: the watermark then bounds the index scan.
      + coalesce((SELECT sum(e.amount_cents) FROM ledger_entries e
        WHERE e.tenant_id = tenant AND e.account = of
          AND e.tx_id BETWEEN (SELECT tx_id FROM ledger_watermark)
            AND pg_snapshot_xmax(pg_current_snapshot())
          AND e.epoch = (SELECT epoch FROM ledger_watermark)
          AND e.currency = money AND e.code = line_code
          AND e.business_date >= (SELECT date_trunc('month', day)::date)
          AND e.business_date < (SELECT (date_trunc('month', day) + interval '1 month')::date)), 0)
    )::bigint $$;

  CREATE FUNCTION ledger_roll_up() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
  DECLARE
    mark ledger_watermark;
    cluster bigint := (SELECT system_identifier FROM pg_control_system());
    started timestamptz := clock_timestamp();
    first_in_transaction boolean := pg_current_xact_id_if_assigned() IS NULL;
    seen pg_snapshot;
    horizon xid8;
    rolled bigint;
  BEGIN
    SELECT * INTO mark FROM ledger_watermark FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN 0; END IF;
    IF mark.system_identifier <> cluster THEN
      DELETE FROM ledger_balances;
      INSERT INTO ledger_balances
        SELECT tenant_id, account, currency, code, date_trunc('month', business_date), sum(amount_cents)
        FROM ledger_entries GROUP BY 1, 2, 3, 4, 5;
      GET DIAGNOSTICS rolled = ROW_COUNT;
      UPDATE ledger_watermark
        SET system_identifier = cluster, epoch = mark.epoch + 1, tx_id = '0';
      RETURN rolled;
    END IF;
    seen := pg_current_snapshot();
    horizon := pg_snapshot_xmin(seen);
    INSERT INTO ledger_balances AS b
      SELECT tenant_id, account, currency, code, date_trunc('month', business_date), sum(amount_cents)
      FROM ledger_entries
      WHERE epoch = mark.epoch AND tx_id >= mark.tx_id AND tx_id < horizon
      GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (tenant_id, account, currency, code, month)
        DO UPDATE SET balance_cents = b.balance_cents + excluded.balance_cents;
    GET DIAGNOSTICS rolled = ROW_COUNT;
    UPDATE ledger_watermark SET tx_id = horizon;
    -- Our own id is above every one given out before we started. (A snapshot's xmax is not: it is
    -- the first id after those that have ended, and younger ones may be running.)
    INSERT INTO ledger_checkpoints
      SELECT mark.epoch, started, pg_current_xact_id() WHERE first_in_transaction;
    DELETE FROM ledger_checkpoints WHERE taken_at < started - interval '1 day';
    RETURN rolled;
  END $$;
  GRANT CREATE ON SCHEMA public TO tickettoken_worker;
  ALTER FUNCTION ledger_roll_up() OWNER TO tickettoken_worker;
  REVOKE CREATE ON SCHEMA public FROM tickettoken_worker;
`;
