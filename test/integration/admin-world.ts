import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { FraudModule } from '../../src/fraud/fraud.module.js';
import { AuditModule } from '../../src/kernel/audit/index.js';
import { AuthModule } from '../../src/kernel/auth/index.js';
import type { Role } from '../../src/kernel/auth/principal.js';
import { Clock } from '../../src/kernel/clock.js';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { configureApp, createHttpAdapter } from '../../src/kernel/http/index.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { ObservabilityModule } from '../../src/kernel/observability/index.js';
import { OpenItemsModule } from '../../src/kernel/open-items/index.js';
import { OutboxModule } from '../../src/kernel/outbox/index.js';
import { RetentionModule } from '../../src/kernel/retention/index.js';
import { WebhooksModule } from '../../src/webhooks/webhooks.module.js';
import { bearer, ENVIRONMENT, token } from './edge-app.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';

/** What administrators see and what cleans up behind them, over HTTP, on a database of its own. */
export interface AdminWorld extends OpenDatabase {
  readonly app: NestFastifyApplication;
  readonly tenantId: Uuid;
  /** Calls a route as a user of the role, of the world's tenant unless another is named. */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    options?: { role?: Role; tenantId?: Uuid; userId?: Uuid; payload?: object },
  ): Promise<{ status: number; body: Record<string, never> }>;
}

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

/** The application around a database, without background work. */
export async function newAdminApp(db: OpenDatabase): Promise<NestFastifyApplication> {
  const config = loadConfig(ENVIRONMENT);
  const kernel = [CqrsModule.forRoot(), AuthModule, ObservabilityModule, OutboxModule];
  const testing = await Test.createTestingModule({
    imports: [
      ConfigModule.register(config),
      ClockModule,
      ground(db),
      ...kernel,
      AuditModule,
      OpenItemsModule,
      RetentionModule,
      WebhooksModule,
      FraudModule,
    ],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), {
    logger: false,
  });
  await configureApp(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

export async function startAdminWorld(): Promise<AdminWorld> {
  const db = await openDatabase();
  const app = await newAdminApp(db);
  const ownTenantId = newId();
  return {
    ...db,
    app,
    tenantId: ownTenantId,
    call: async (
      method,
      url,
      { role = 'admin', tenantId = ownTenantId, userId = newId(), payload } = {},
    ) => {
      const claims = { sub: userId, tenant_id: tenantId, roles: [role] };
      const headers = bearer(await token({ claims }));
      const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
      return { status: answer.statusCode, body: answer.json<Record<string, never>>() };
    },
    close: async () => {
      await app.close();
      await db.close();
    },
  };
}
