import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { AuthModule } from '../../src/kernel/auth/index.js';
import { Clock, FixedClock } from '../../src/kernel/clock.js';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { configureApp, createHttpAdapter } from '../../src/kernel/http/index.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK } from '../../src/kernel/jobs/periodic.js';
import { negate, toCents } from '../../src/kernel/money/index.js';
import { ObservabilityModule } from '../../src/kernel/observability/index.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import type { Statement } from '../../src/kernel/postgres/sql.js';
import { account, journal, postJournal } from '../../src/ledger/ledger.contract.js';
import { LedgerModule } from '../../src/ledger/ledger.module.js';
import { newCast } from '../../src/sandbox/cast.js';
import { Identities, newSigningKey, type TokenClaims } from '../../src/sandbox/identities.js';
import { type Platform, startPlatform } from '../../src/sandbox/platform/index.js';
import { VenuesModule } from '../../src/venues/venues.module.js';
import { freshDatabase } from '../support/database.js';
import { ENVIRONMENT } from './edge-app.js';

/** A database with both of the application's roles, and the superuser's view of it. */
export interface TestDatabase {
  readonly database: Database;
  readonly superuser: pg.Pool;
  readonly close: () => Promise<void>;
}

export async function openDatabase(): Promise<TestDatabase> {
  const fresh = await freshDatabase();
  const pools = [APPLICATION_ROLE, WORKER_ROLE].map(
    (role) => new pg.Pool(connectionOptions(fresh.url, role, 8)),
  );
  const [application, worker] = pools;
  if (!application || !worker) throw new Error('two pools were made');
  const superuser = new pg.Pool({ connectionString: fresh.url, max: 1 });
  return {
    database: new Database(application, worker),
    superuser,
    close: async () => {
      await Promise.all([...pools, superuser].map((pool) => pool.end()));
      await fresh.drop();
    },
  };
}

/** A captured sale of `cents` worth of tickets, as the ledger keeps it. */
export function capturedSale(
  tenantId: Uuid,
  venueId: Uuid,
  cents: number | bigint,
  businessDate: string,
  { currency = 'USD', code = 'tickets' } = {},
): Statement {
  return movement(tenantId, venueId, 'pending', cents, { businessDate, currency, code });
}

/** A journal that credits one of a venue's buckets (debits it when `cents` is negative). */
export function movement(
  tenantId: Uuid,
  venueId: Uuid,
  bucket: Parameters<typeof account.venue>[1],
  cents: number | bigint,
  { businessDate = '2026-11-21', currency = 'USD', code = 'test' } = {},
): Statement {
  const amount = toCents(cents);
  return postJournal(
    tenantId,
    journal({
      id: newId(),
      kind: 'purchase',
      referenceId: newId(),
      currency,
      businessDate,
      postings: [
        { account: account.providerClearing('stripe'), amount, code: 'charge' },
        { account: account.venue(venueId, bucket), amount: negate(amount), code },
      ],
    }),
  );
}

export interface VenuesWorld extends TestDatabase {
  readonly app: NestFastifyApplication;
  readonly clock: FixedClock;
  readonly platform: Platform;
  readonly tenantId: Uuid;
  /** An `Authorization` header. */
  token(claims: Partial<TokenClaims>): Promise<{ authorization: string }>;
}

/** The venues module over HTTP: real database, real tokens, the emulated ticket service. */
export async function startVenuesWorld(now: Date): Promise<VenuesWorld> {
  const identities = new Identities(newCast(), await newSigningKey());
  const { tenantId } = identities.cast;
  const [store, platform] = await Promise.all([
    openDatabase(),
    startPlatform({ cast: identities.cast }),
  ]);
  const clock = new FixedClock(now);
  const config = loadConfig({
    ...ENVIRONMENT,
    JWT_PUBLIC_KEY: identities.publicKey,
    JWT_ISSUER: 'https://identity.tickettoken.test',
    JWT_AUDIENCE: 'tickettoken-payments',
    TICKET_SERVICE_URL: platform.tickets.baseUrl,
    CATALOG_CACHE_MS: '0',
    PLATFORM_TIMEOUT_MS: '2000',
  });
  const kernel = [
    { provide: Clock, useValue: clock },
    { provide: Database, useValue: store.database },
    { provide: RUNS_BACKGROUND_WORK, useValue: false },
    PeriodicTasks,
  ];
  @Global()
  @Module({ providers: kernel, exports: kernel })
  class Kernel {}

  const testing = await Test.createTestingModule({
    imports: [
      ConfigModule.register(config),
      Kernel,
      CqrsModule.forRoot(),
      AuthModule,
      ObservabilityModule,
      LedgerModule,
      VenuesModule,
    ],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), {
    logger: false,
  });
  await configureApp(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    ...store,
    app,
    clock,
    platform,
    tenantId,
    token: async (claims) => {
      const anyone = { sub: newId(), tenantId, roles: [], expiresIn: '30d' };
      const token = await identities.mintToken({ ...anyone, ...claims });
      return { authorization: `Bearer ${token}` };
    },
    close: async () => {
      await app.close();
      await platform.close();
      await store.close();
    },
  };
}
