import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { ComplianceModule } from '../../src/compliance/compliance.module.js';
import { AuthModule, signInternalRequest } from '../../src/kernel/auth/index.js';
import { Clock, FixedClock } from '../../src/kernel/clock.js';
import { ConfigModule } from '../../src/kernel/config/config.module.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { configureApp, createHttpAdapter, openApiDocument } from '../../src/kernel/http/index.js';
import { newId } from '../../src/kernel/ids.js';
import { Draining } from '../../src/kernel/observability/health/draining.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

const SERVICE = 'ticket-service';
/** Half past eleven in the evening of 31 January 2025 in Nashville. */
const NOW = new Date('2025-02-01T05:30:00Z');

const QUESTION = {
  amount: 10_000,
  venueAddress: { street: '116 5th Ave N', city: 'Nashville', state: 'TN', zip: '37203' },
};
const RULE = {
  scope: 'jurisdiction',
  scopeRef: 'US-TN-DAVIDSON',
  name: 'Entertainment Tax',
  ratePpm: 10_000,
  effectiveFrom: '2025-01-01',
};

describe('compliance over HTTP', () => {
  let world: TestWorld;
  let pools: pg.Pool[];
  let app: NestFastifyApplication;

  beforeAll(async () => {
    world = await startTestWorld();
    const config = loadConfig({ PUBLIC_BASE_URL: 'http://localhost:3005', ...world.env });
    const [application, worker] = (pools = [APPLICATION_ROLE, WORKER_ROLE].map(
      (role) => new pg.Pool(connectionOptions(config.database.url, role, 2)),
    )) as [pg.Pool, pg.Pool];
    const shared = [
      { provide: Clock, useValue: new FixedClock(NOW) },
      { provide: Draining, useValue: new Draining() },
      { provide: Database, useValue: new Database(application, worker) },
    ];
    @Module({ providers: shared, exports: shared.map(({ provide }) => provide) })
    class Shared {}
    const testing = await Test.createTestingModule({
      imports: [
        { module: Shared, global: true },
        ConfigModule.register(config),
        CqrsModule.forRoot(),
        AuthModule,
        ComplianceModule,
      ],
    }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config));
    await configureApp(app, config);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });

  afterAll(async () => {
    await app.close();
    await Promise.all(pools.map((pool) => pool.end()));
    await world.close();
  });

  async function calculate(body: object, tenantId: string = newId()) {
    const url = '/internal/calculate-tax';
    const payload = JSON.stringify(body);
    const signed = signInternalRequest({
      service: SERVICE,
      secret: world.secrets.internal[SERVICE] ?? '',
      tenantId,
      method: 'POST',
      path: url,
      body: payload,
      now: NOW,
    });
    const headers = { ...signed, 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url, headers, payload });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  }

  async function admin(method: 'GET' | 'POST', tenantId: string, query = '', payload?: object) {
    const exp = '12h';
    const token = await world.mintToken({
      sub: newId(),
      tenantId,
      roles: ['admin'],
      expiresIn: exp,
    });
    const answer = await app.inject({
      method,
      url: `/admin/tax/special-rules${query}`,
      headers: { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  }

  it('answers the worked example, a special rule of the tenant included', async () => {
    const tenantId = newId();
    const added = await admin('POST', tenantId, '', RULE);
    expect(added).toMatchObject({ status: 201, body: { ...RULE, base: 'tickets' } });
    const { status, body } = await calculate(
      { ...QUESTION, saleDate: '2025-01-12', customerAddress: { state: 'CA' } },
      tenantId,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      taxableAmount: 10_000,
      stateTax: 700,
      localTax: 225,
      specialTax: 100,
      totalTax: 1_025,
      breakdown: {
        state: { name: 'Tennessee Sales Tax', rate: 7, ratePpm: 70_000, amount: 700 },
        local: { name: 'Nashville Local Tax', rate: 2.25, ratePpm: 22_500, amount: 225 },
        special: { name: 'Entertainment Tax', rate: 1, ratePpm: 10_000, amount: 100 },
      },
      jurisdiction: 'US-TN-DAVIDSON',
      estimate: false,
    });
    expect(body.reasons).toEqual([expect.stringContaining('customerAddress was not used')]);
  });

  it("takes today's date at the place, not in UTC", async () => {
    expect((await calculate(QUESTION)).body).toMatchObject({
      saleDate: '2025-01-31',
      localTax: 225,
      specialTax: 0,
      breakdown: { special: { name: 'No special tax', rate: 0, amount: 0 } },
      reasons: [],
    });
    const later = { ...QUESTION, saleDate: '2025-02-01' };
    expect((await calculate(later)).body).toMatchObject({ localTax: 275, totalTax: 975 });
  });

  it.each([
    ['amount', { amount: -1 }],
    ['amount', { amount: 100_000_000 }],
    ['amount', { amount: 10.5 }],
    ['amount', { amount: '10000' }],
    ['amount', { amount: null }],
    ['venueAddress', { venueAddress: null }],
    ['venueAddress', { venueAddress: [] }],
    ['venueAddress', { venueAddress: 'Nashville' }],
    ['venueAddress.state', { venueAddress: { city: 'Nashville' } }],
    ['venueAddress.city', { venueAddress: { city: null, state: 'TN' } }],
    ['venueAddress.planet', { venueAddress: { planet: 'Earth', state: 'TN' } }],
    ['customerAddress', { customerAddress: 'Nashville' }],
    ['saleDate', { saleDate: '2025-02-30' }],
    ['saleDate', { saleDate: '2025-02-01T00:00:00Z' }],
    ['saleDate', { saleDate: null }],
    ['ticketCount', { ticketCount: 0 }],
    ['venueId', { venueId: 'x' }],
    ['rate', { rate: 7 }],
  ])('refuses a wrong %s: %j', async (field, over) => {
    const { status, body } = await calculate({ ...QUESTION, ...over });
    expect([status, body.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(body.errors).toEqual([expect.objectContaining({ field })]);
  });

  it('needs the signature, and the role', async () => {
    const unsigned = await app.inject({
      method: 'POST',
      url: '/internal/calculate-tax',
      payload: QUESTION,
    });
    expect(unsigned.statusCode).toBe(401);
    const token = await world.mintToken({
      sub: newId(),
      tenantId: newId(),
      roles: ['venue_owner'],
    });
    const owner = await app.inject({
      url: '/admin/tax/special-rules',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(owner.statusCode).toBe(403);
  });

  it('pages through the rules of the own tenant', async () => {
    const tenantId = newId();
    for (const name of ['A', 'B']) await admin('POST', tenantId, '', { ...RULE, name });
    const first = await admin('GET', tenantId, '?limit=1');
    expect(first.body).toMatchObject({
      rules: [{ name: 'A', perTicketCents: null, effectiveTo: null }],
    });
    const next = await admin('GET', tenantId, `?limit=1&cursor=${String(first.body.nextCursor)}`);
    expect(next.body).toEqual({ rules: [expect.objectContaining({ name: 'B' })] });
    expect((await admin('GET', newId())).body).toEqual({ rules: [] });
    expect((await admin('GET', tenantId, '?limit=0x10')).status).toBe(422);
  });

  it('refuses a rule twice, one without a rate and one with two', async () => {
    const tenantId = newId();
    const bare = { ...RULE, ratePpm: undefined };
    await admin('POST', tenantId, '', RULE);
    expect(await admin('POST', tenantId, '', RULE)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    for (const wrong of [bare, { ...RULE, perTicketCents: 5 }, { ...bare, ratePpm: 1_000_001 }]) {
      expect(await admin('POST', tenantId, '', wrong)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'ratePpm' }] },
      });
    }
  });

  it('is documented: bodies, answers and errors of every route', () => {
    const { paths } = openApiDocument(app);
    expect(Object.keys(paths)).toEqual(['/internal/calculate-tax', '/admin/tax/special-rules']);
    expect(Object.keys(paths['/internal/calculate-tax']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '422', '503']),
    );
    expect(Object.keys(paths['/admin/tax/special-rules']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '409', '422', '503']),
    );
  });
});
