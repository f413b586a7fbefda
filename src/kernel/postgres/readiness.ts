import { Injectable, type OnModuleInit } from '@nestjs/common';
import { migrations } from '../../../migrations/index.js';
import { ReadinessChecks } from '../observability/health/readiness-checks.js';
import { Database } from './database.js';
import { sql } from './sql.js';

const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/** No traffic before the schema is the code's, nor through a role that row-level security ignores. */
@Injectable()
export class DatabaseReadiness implements OnModuleInit {
  constructor(
    private readonly checks: ReadinessChecks,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.checks.register({ name: 'database', critical: true, check: () => this.answers() });
    this.checks.register({ name: 'migrations', critical: true, check: () => this.migrated() });
    this.checks.register({ name: 'row-level-security', critical: true, check: () => this.bound() });
  }

  private async answers(): Promise<Record<string, unknown>> {
    const [row] = await this.database.read(NO_TENANT, [sql`SHOW server_version`]);
    return { version: row?.rows[0]?.server_version as string };
  }

  private async migrated(): Promise<Record<string, unknown>> {
    const [row] = await this.database.read(NO_TENANT, [sql`SELECT name FROM schema_migrations`]);
    const applied = new Set((row?.rows ?? []).map(({ name }) => name as string));
    const pending = migrations.filter(({ name }) => !applied.has(name));
    if (pending.length > 0) {
      throw new Error(`${pending.length} migrations are pending: npm run migrate`);
    }
    return { applied: applied.size };
  }

  private async bound(): Promise<Record<string, unknown>> {
    const question = sql`SELECT current_user AS role, rolsuper OR rolbypassrls AS unbound
      FROM pg_roles WHERE rolname = current_user`;
    const [[application], [worker]] = await Promise.all([
      this.database.read(NO_TENANT, [question]),
      this.database.asWorker([question]),
    ]);
    const roles = [application?.rows[0], worker?.rows[0]];
    if (roles.some((row) => row?.unbound !== false)) {
      throw new Error('a connection bypasses row-level security');
    }
    return { roles: roles.map((row) => row?.role as string) };
  }
}
