import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles bound by row-level security, and the one way a table is put under it. */
export class Tenancy1763000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      DO $$
      BEGIN
        IF current_setting('server_version_num')::int < 150000 THEN
          RAISE EXCEPTION 'PostgreSQL 15 or newer is required, this is %', version();
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('tickettoken roles'));
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tickettoken_app') THEN
          CREATE ROLE tickettoken_app NOLOGIN NOBYPASSRLS;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tickettoken_worker') THEN
          CREATE ROLE tickettoken_worker NOLOGIN NOBYPASSRLS;
        END IF;
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
          EXECUTE format('GRANT tickettoken_app, tickettoken_worker TO %I', current_user);
        END IF;
      END $$;

      GRANT USAGE ON SCHEMA public TO tickettoken_app, tickettoken_worker;
      GRANT SELECT ON schema_migrations TO tickettoken_app, tickettoken_worker;

      CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

      -- Stops the transaction when a condition read inside it does not hold.
      CREATE FUNCTION guard(holds boolean, what text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF holds IS NOT TRUE THEN
          RAISE EXCEPTION 'guard failed: %', what USING ERRCODE = 'TT003', DETAIL = what;
        END IF;
      END $$;

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% on % is refused: its rows are history', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'TT004';
      END $$;

      -- application: 'full' | 'append' | 'read'; worker: 'full' | 'append' | 'read'.
      -- The application sees the rows of the transaction's tenant, the worker those of all.
      CREATE FUNCTION protect_tenant_table(
        name text, application text DEFAULT 'full', worker text DEFAULT 'read'
      ) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        rights jsonb := '{"full": "SELECT, INSERT, UPDATE, DELETE",
                          "append": "SELECT, INSERT", "read": "SELECT"}';
      BEGIN
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO tickettoken_app
          USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', name);
        EXECUTE format('CREATE POLICY worker ON %I TO tickettoken_worker
          USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT %s ON %I TO tickettoken_app', rights->>application, name);
        EXECUTE format('GRANT %s ON %I TO tickettoken_worker', rights->>worker, name);
      END $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION protect_tenant_table(text, text, text);
      DROP FUNCTION refuse_change();
      DROP FUNCTION guard(boolean, text);
      DROP FUNCTION current_tenant();
      REVOKE ALL ON schema_migrations FROM tickettoken_app, tickettoken_worker;
      REVOKE USAGE ON SCHEMA public FROM tickettoken_app, tickettoken_worker;
    `);
  }
}
