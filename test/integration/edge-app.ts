import { generateKeyPairSync } from 'node:crypto';
import { Body, Controller, Get, Global, Module, Param, Post, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Test } from '@nestjs/testing';
import { IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { importPKCS8, SignJWT } from 'jose';
import {
  AuthModule,
  CurrentPrincipal,
  CurrentService,
  type InternalCaller,
  InternalOnly,
  NonceStore,
  type Principal,
  Public,
  Roles,
} from '../../src/kernel/auth/index.js';
import { Clock } from '../../src/kernel/clock.js';
import { type Config, ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { refuse } from '../../src/kernel/errors.js';
import {
  Answer,
  ApiErrors,
  ApiIdempotent,
  configureApp,
  createHttpAdapter,
  idempotencyKeyOf,
  ItemsOf,
  serveOpenApi,
  WholeNumber,
} from '../../src/kernel/http/index.js';
import { ObservabilityModule } from '../../src/kernel/observability/index.js';
import { DatabaseUnavailable } from '../../src/kernel/postgres/errors.js';

const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

export const issuerKeys = rsa();
export const nextKeys = rsa();
export const attackerKeys = rsa();

export const ISSUER = 'https://auth.example.com';
export const AUDIENCE = 'payment-service';
export const TENANT = '01890000-0000-7000-8000-00000000000a';
export const USER = '01890000-0000-7000-8000-00000000000b';

/** The smallest environment that loads; each test changes what it is about. */
export const ENVIRONMENT = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  HOST: '127.0.0.1',
  PORT: '0',
  METRICS_PORT: '0',
  PUBLIC_BASE_URL: 'http://127.0.0.1:3005',
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  JWT_PUBLIC_KEY: issuerKeys.publicKey + nextKeys.publicKey,
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
  INTERNAL_SERVICE_SECRETS:
    'ticket-service:ticket-secret-of-today,ticket-service:ticket-secret-of-old,order-service:order-secret-000',
  QUOTE_TOKEN_SECRET: 'quote-secret-of-today',
  QUEUE_TOKEN_SECRET: 'queue-secret-of-today',
  VAULT_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PURCHASE_LIMIT_SECRET: 'limit-secret-of-today',
  STRIPE_SECRET_KEY: 'sk_test_0000000000',
  STRIPE_WEBHOOK_SECRET: 'whsec_0000000000',
  PLATFORM_TENANT_ID: TENANT,
  TICKET_SERVICE_URL: 'http://127.0.0.1:1',
  ORDER_SERVICE_URL: 'http://127.0.0.1:1',
  USER_SERVICE_URL: 'http://127.0.0.1:1',
};

class Line {
  @IsInt()
  @Min(1)
  @Max(10)
  quantity: number;
}

class Order {
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  amount: number;

  @IsString()
  @MaxLength(200)
  @IsOptional()
  name?: string;

  @IsObject()
  @IsOptional()
  metadata?: object;

  @ItemsOf(() => Line)
  @IsOptional()
  lines?: Line[];
}

class Page {
  @WholeNumber()
  @IsInt()
  @Min(1)
  @IsOptional()
  page?: number;
}

@Controller('orders')
export class OrdersController {
  /** What got past the edge. */
  static accepted: unknown[] = [];

  @Post()
  @ApiOperation({ summary: 'Place an order' })
  @ApiCreatedResponse({ type: Order })
  @ApiErrors('VALIDATION_ERROR', 'SOLD_OUT')
  @ApiIdempotent()
  place(@Body() order: Order, @Req() request: FastifyRequest) {
    const key = idempotencyKeyOf(request);
    OrdersController.accepted.push(order);
    return { key, order };
  }

  @Post('plain')
  plain(@Body() order: Order) {
    OrdersController.accepted.push(order);
    return order;
  }

  @Get()
  @ApiOkResponse({ type: Page })
  list(@Query() page: Page, @CurrentPrincipal() { userId, roles }: Principal) {
    return { page: page.page ?? 1, userId, roles };
  }

  @Get('replayed')
  replayed() {
    return new Answer(202, '{"b" : 1,  "a":2}', { 'idempotent-replayed': 'true' });
  }

  @Get('refused')
  refused() {
    return refuse('SOLD_OUT', 'No ticket is left', {
      retryAfterSeconds: 7,
      extra: { remaining: 0 },
    });
  }

  @Get('bug')
  bug() {
    throw new Error('SELECT secret FROM cards -- sk_live_0000000000');
  }

  @Get('away')
  away() {
    throw new DatabaseUnavailable(new Error('connect ECONNREFUSED'));
  }

  @Get('admin')
  @Roles('admin')
  admin() {
    return {};
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }
}

@InternalOnly()
@Controller('internal')
export class InternalController {
  @Post('echo')
  echo(@CurrentService() caller: InternalCaller, @Body() body: unknown) {
    return { caller, body };
  }
}

@Public()
@Controller('slow')
export class SlowController {
  @Get()
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { done: true };
  }
}

/** Nonces in memory; the PostgreSQL store is tested where there is a database. */
class MemoryNonces extends NonceStore {
  private readonly seen = new Set<string>();

  override async claim(tenantId: string, service: string, nonce: string): Promise<boolean> {
    const key = `${tenantId} ${service} ${nonce}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return Promise.resolve(true);
  }
}

/** The real time, which a test may move forward. */
export class MovableClock extends Clock {
  private aheadMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  forward(seconds: number): void {
    this.aheadMs += seconds * 1_000;
  }
}

@Global()
@Module({ providers: [{ provide: Clock, useClass: MovableClock }], exports: [Clock] })
class ClockModule {}

export async function edgeApp(
  environment: Partial<Record<string, string>> = {},
): Promise<{ app: NestFastifyApplication; config: Config }> {
  const config = loadConfig({ ...ENVIRONMENT, ...environment });
  const testing = await Test.createTestingModule({
    imports: [ConfigModule.register(config), ClockModule, AuthModule, ObservabilityModule],
    controllers: [OrdersController, InternalController, SlowController],
  })
    .overrideProvider(NonceStore)
    .useClass(MemoryNonces)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), {
    logger: false,
  });
  await configureApp(app, config);
  serveOpenApi(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  OrdersController.accepted = [];
  return { app, config };
}

export interface TokenChanges {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly privateKey?: string;
  /** Claims to leave out. */
  readonly without?: readonly string[];
}

/** A token that is right in every respect but the changes. */
export async function token(changes: TokenChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = {
    sub: USER,
    tenant_id: TENANT,
    roles: ['user'],
    iss: ISSUER,
    aud: AUDIENCE,
    iat: now,
    exp: now + 600,
    ...changes.claims,
  };
  for (const name of changes.without ?? []) Reflect.deleteProperty(claims, name);
  const key = await importPKCS8(changes.privateKey ?? issuerKeys.privateKey, 'RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...changes.header }).sign(key);
}

export const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** Members of the answers that tests look at. */
export interface EdgeBody {
  readonly code: string;
  readonly path: string;
  readonly key: string;
  readonly roles: readonly string[];
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}
