import pg from 'pg';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Rows } from '../support/row-digest.js';
import { SampleRequests } from '../support/sample-requests.js';
import { FILLED, FULL, READ, RIGHTS, SHARED } from '../support/table-rights.js';
import { Client } from '../support/client.js';
import { anonymous } from '../support/signers.js';

let running: RunningApp;
let superuser: pg.Client;
let application: pg.Client;
let worker: pg.Client;
let rows: Rows;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  const url = running.world.description.databaseUrl;
  rows = await Rows.of(url);
  superuser = rows.client;
  application = new pg.Client(connectionOptions(url, APPLICATION_ROLE, 1));
  worker = new pg.Client(connectionOptions(url, WORKER_ROLE, 1));
  await Promise.all([application.connect(), worker.connect()]);
  await fill();
});

afterAll(async () => {
  await Promise.all([application.end(), worker.end(), rows.close()]);
  await running.close();
});

/** One accepted request of every route that stores something. */
async function fill(): Promise<void> {
  const samples = await SampleRequests.prepare(running);
  for (const key of samples.keys.filter((name) => /^(POST|PUT) /.test(name))) {
    const [method = ''] = key.split(' ');
    const { path, body, signer = anonymous } = await samples.of(key);
    const text = body && JSON.stringify(body);
    const bytes = text === undefined ? undefined : Buffer.from(text);
    const answer = await new Client(running.url).send(method, path, text, {
      ...signer({ method, path, body: bytes }),
    });
    expect([key, answer.status < 300, answer.text]).toEqual([key, true, answer.text]);
  }
  // Makes a place that was let in.
  await samples.of('DELETE /admin/waiting-room/{eventId}/access/{queueId}');
}

const tenantTables = () => rows.tables.filter((table) => !(table in SHARED));

/** Runs statements as the application does, bound to a tenant; nothing of it stays. */
async function asTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  await application.query('BEGIN');
  try {
    await application.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
    return await work();
  } finally {
    await application.query('ROLLBACK');
  }
}

async function count(client: pg.Client, table: string): Promise<number> {
  const { rows: found } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(found[0]?.n);
}

describe('the roles', () => {
  it.each([
    ['application', () => application, APPLICATION_ROLE],
    ['worker', () => worker, WORKER_ROLE],
  ])('the %s is one that policies bind', async (_, client, role) => {
    const { rows: found } = await client().query(
      `SELECT current_user AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin
        FROM pg_roles WHERE rolname = current_user`,
    );
    expect(found).toEqual([
      {
        name: role,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolcanlogin: false,
      },
    ]);
  });

  it("is what the application's own connections have", async () => {
    const database = running.app.get(Database);
    const question = sql`SELECT current_user AS role`;
    const [[app], [work]] = await Promise.all([
      database.read(running.world.cast.tenantId, [question]),
      database.asWorker([question]),
    ]);
    expect(app?.rows).toEqual([{ role: APPLICATION_ROLE }]);
    expect(work?.rows).toEqual([{ role: WORKER_ROLE }]);
  });

  it('own nothing, and have exactly the rights listed', async () => {
    const { rows: owned } = await superuser.query(
      `SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) LIKE 'tickettoken%'`,
    );
    expect(owned).toEqual([]);
    const { rows: granted } = await superuser.query<{ table: string; app: string; worker: string }>(
      `SELECT c.relname AS table, ${rightsOf(APPLICATION_ROLE)} AS app,
          ${rightsOf(WORKER_ROLE)} AS worker
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    const actual = Object.fromEntries(granted.map(({ table, ...rights }) => [table, rights]));
    expect(actual).toEqual({ ...SHARED, ...RIGHTS });
  });
});

/** Everything a role may do to a table, the rights that PUBLIC gives included. */
function rightsOf(role: string): string {
  return `(SELECT string_agg(r, ',' ORDER BY r)
    FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) r
    WHERE has_table_privilege('${role}', c.oid, r))`;
}

describe('every table of a tenant', () => {
  it('is one that this test knows', () => {
    expect([...tenantTables()]).toEqual(Object.keys(RIGHTS).sort());
    expect(rows.tables).toEqual(expect.arrayContaining(Object.keys(SHARED)));
  });

  it('has a tenant, row-level security that binds its owner too, and a policy a role', async () => {
    const { rows: found } = await superuser.query(
      `SELECT c.relname AS table, c.relrowsecurity AND c.relforcerowsecurity AS forced,
          (SELECT format_type(atttypid, NULL) || CASE WHEN attnotnull THEN '' ELSE '?' END
            FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id') AS tenant,
          (SELECT array_agg(policyname || ': ' || array_to_string(roles, '+') || ' ' || cmd || ' '
              || permissive || ' ' || qual || ' ' || with_check ORDER BY policyname)
            FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname) AS policies
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT c.relname = ANY($1) ORDER BY 1`,
      [Object.keys(SHARED)],
    );
    const own = '(tenant_id = current_tenant())';
    const policies = [
      `tenant: {${APPLICATION_ROLE}} ALL PERMISSIVE ${own} ${own}`.replace(/[{}]/g, ''),
      `worker: ${WORKER_ROLE} ALL PERMISSIVE true true`,
    ];
    expect(found).toEqual(
      Object.keys(RIGHTS)
        .sort()
        .map((table) => ({ table, forced: true, tenant: 'uuid', policies })),
    );
  });

  it('is seen through views only with the rights of who looks', async () => {
    const { rows: views } = await superuser.query<{ name: string; options: string[] | null }>(
      `SELECT relname AS name, reloptions AS options FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm') ORDER BY 1`,
    );
    expect(views.length).toBeGreaterThan(2);
    for (const { name, options } of views) {
      expect([name, options]).toEqual([name, ['security_invoker=true']]);
    }
  });

  it('begins every key with the tenant', async () => {
    const { rows: keys } = await superuser.query<{ name: string; first: string }>(
      `SELECT i.indexrelid::regclass::text AS name, a.attname AS first
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
          AND NOT c.relname = ANY($1)`,
      [Object.keys(SHARED)],
    );
    expect(keys.length).toBeGreaterThanOrEqual(Object.keys(RIGHTS).length);
    expect(keys.filter(({ first }) => first !== 'tenant_id')).toEqual([]);
  });
});

describe('after a purchase', () => {
  it('its tenant sees its rows, another tenant and a connection without one see none', async () => {
    const { tenantId, otherTenantId, platformTenantId } = running.world.cast;
    const seen = (tenant: string) =>
      asTenant(tenant, async () => {
        const found: string[] = [];
        for (const table of tenantTables()) {
          if ((await count(application, table)) > 0) found.push(table);
        }
        return found;
      });
    expect(await seen(tenantId)).toEqual(FILLED);
    expect(await seen(otherTenantId)).toEqual([]);
    // The shared provider account, and so its events, belong to the platform itself.
    expect(await seen(platformTenantId)).toEqual(['webhook_inbox']);
    expect(await seen('')).toEqual([]);
  });

  it('views show another tenant nothing', async () => {
    const { tenantId, otherTenantId } = running.world.cast;
    const seen = (tenant: string) =>
      asTenant(tenant, async () => [
        await count(application, 'venue_balances'),
        await count(application, 'settings_changes'),
      ]);
    expect(await seen(tenantId)).toEqual([2, 5]);
    expect(await seen(otherTenantId)).toEqual([0, 0]);
  });

  it('another tenant can neither write for it nor change, delete or take over its rows', async () => {
    const { tenantId, otherTenantId } = running.world.cast;
    for (const [table, { app }] of Object.entries(RIGHTS)) {
      if (app === READ || !FILLED.includes(table)) continue;
      const columns = await writableColumns(table);
      const { rows: found } = await superuser.query<Record<string, unknown>>(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE tenant_id = $1 LIMIT 1`,
        [tenantId],
      );
      const copy = asTenant(otherTenantId, () =>
        application.query(
          `INSERT INTO ${table} (${columns}) SELECT ${columns}
            FROM jsonb_populate_record(NULL::${table}, $1)`,
          [JSON.stringify(found[0]?.['row'])],
        ),
      );
      await expect(copy).rejects.toMatchObject({ code: '42501' });
      if (app !== FULL) continue;
      const changed = await asTenant(otherTenantId, async () => [
        (await application.query(`UPDATE ${table} SET tenant_id = $1`, [otherTenantId])).rowCount,
        (await application.query(`DELETE FROM ${table}`)).rowCount,
      ]);
      expect([table, ...changed]).toEqual([table, 0, 0]);
      const given = asTenant(tenantId, () =>
        application.query(`UPDATE ${table} SET tenant_id = $1`, [otherTenantId]),
      );
      const outcome = await given.then(
        () => 'taken',
        (refused: unknown) => (refused as { readonly code: string }).code,
      );
      expect([table, outcome]).toEqual([table, '42501']);
    }
  });

  it('the worker sees the queues of every tenant, and may only read what is not its own', async () => {
    expect(await count(worker, 'outbox')).toBeGreaterThan(0);
    expect(await count(worker, 'ledger_entries')).toBeGreaterThan(0);
    for (const table of ['tickets', 'ledger_entries', 'payment_transactions', 'venue_settings']) {
      await expect(worker.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
      await expect(worker.query(`UPDATE ${table} SET tenant_id = tenant_id`)).rejects.toMatchObject(
        {
          code: '42501',
        },
      );
    }
  });
});

async function writableColumns(table: string): Promise<string> {
  const { rows: found } = await superuser.query<{ columns: string }>(
    `SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
        AND attgenerated = ''`,
    [table],
  );
  return found[0]?.columns ?? '';
}
