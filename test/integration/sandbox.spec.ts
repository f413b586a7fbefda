import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Test } from '@nestjs/testing';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { importSPKI, jwtVerify } from 'jose';
import pg from 'pg';
import Stripe from 'stripe';
import { CARDS } from '../../src/sandbox/cards.js';
import { USER_NAMES } from '../../src/sandbox/cast.js';
import { SandboxModule } from '../../src/sandbox/sandbox.module.js';
import type { SandboxView } from '../../src/sandbox/sandbox.view.js';
import { testCards } from '../../src/sandbox/stripe/cards.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

describe('two test worlds side by side', () => {
  let worlds: TestWorld[];

  beforeAll(async () => {
    worlds = await Promise.all([startTestWorld(), startTestWorld()]);
  });

  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
  });

  it('share nothing', () => {
    const [one, two] = worlds.map(({ env }) => env);
    const shared = Object.keys(one ?? {}).filter((name) => one?.[name] === two?.[name]);
    expect(shared.sort()).toEqual([
      'JWT_AUDIENCE',
      'JWT_ISSUER',
      // One signing key a process.
      'JWT_PUBLIC_KEY',
      'MAIL_FROM',
      'PUBLIC_BASE_URL',
      // So high that nobody reaches them where it is not tested.
      'RATE_LIMIT_ADDRESS_PER_MINUTE',
      'RATE_LIMIT_ENDPOINT_PER_MINUTE',
      'RATE_LIMIT_USER_PER_MINUTE',
      // Empty: mail is only sent where a test asks for it.
      'SMTP_URL',
    ]);
  });

  it('have a migrated database each', async () => {
    for (const { env } of worlds) {
      const client = new pg.Client(env.DATABASE_URL);
      await client.connect();
      const { rows } = await client.query(`SELECT to_regclass('payment_event_sequence') AS name`);
      await client.end();
      expect(rows).toEqual([{ name: 'payment_event_sequence' }]);
    }
  });

  it('have a Stripe each that knows its own key only', async () => {
    const [one, two] = worlds.map(({ env }) => env);
    const { hostname: host, port } = new URL(one?.STRIPE_API_BASE ?? '');
    const options = { host, port, protocol: 'http', maxNetworkRetries: 0 } as const;
    const own = new Stripe(one?.STRIPE_SECRET_KEY ?? '', options);
    const foreign = new Stripe(two?.STRIPE_SECRET_KEY ?? '', options);
    expect(await own.balance.retrieve()).toMatchObject({ object: 'balance' });
    await expect(foreign.balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('GET /sandbox', () => {
  let world: TestWorld;
  let app: NestFastifyApplication;
  let view: SandboxView;

  beforeAll(async () => {
    world = await startTestWorld();
    const source = { description: world.description, tokens: () => world.identities.tokens() };
    const testing = Test.createTestingModule({ imports: [SandboxModule.register(source)] });
    app = (await testing.compile()).createNestApplication(new FastifyAdapter());
    await app.listen(0, '127.0.0.1');
    view = (await (await fetch(`${await app.getUrl()}/sandbox`)).json()) as SandboxView;
  });

  afterAll(async () => {
    await app.close();
    await world.close();
  });

  it('says where everything is', async () => {
    const baseUrl = await app.getUrl();
    expect(view).toMatchObject({
      baseUrl,
      docs: `${baseUrl}/docs`,
      databaseUrl: world.env.DATABASE_URL,
      stripe: {
        baseUrl: world.env.STRIPE_API_BASE,
        secretKey: world.env.STRIPE_SECRET_KEY,
        webhookSecret: world.env.STRIPE_WEBHOOK_SECRET,
        webhookUrl: `${baseUrl}/webhooks/stripe`,
      },
      links: { ticketCatalog: world.env.TICKET_SERVICE_URL },
    });
  });

  it('names everyone, each with a token that the application accepts', async () => {
    const key = await importSPKI(world.env.JWT_PUBLIC_KEY ?? '', 'RS256');
    expect(Object.keys(view.users)).toEqual([...USER_NAMES]);
    for (const name of USER_NAMES) {
      const { payload } = await jwtVerify(view.tokens[name], key);
      const tenant = name === 'stranger' ? view.otherTenantId : view.tenantId;
      expect(payload).toMatchObject({ sub: view.users[name], tenant_id: tenant });
    }
  });

  it('lists the seeded venues and events of the main tenant, in a stable order', () => {
    world.tickets.createEvent();
    const { venues, events } = world.cast;
    expect(view.venues.map(({ id }) => id)).toEqual([venues.nashville, venues.newYork]);
    expect(view.events.map(({ id, highDemand }) => [id, highDemand])).toEqual([
      [events.generalAdmission, false],
      [events.seated, false],
      [events.highDemand, true],
      [events.newYork, false],
    ]);
    expect(view.otherTenant.events.map(({ id }) => id)).toEqual([events.elsewhere]);
  });

  it('gives a service’s secret that the application is configured with', () => {
    const { service, secret } = view.internal;
    expect(world.env.INTERNAL_SERVICE_SECRETS?.split(',')).toContain(`${service}:${secret}`);
  });

  it('names only cards that the Stripe emulator knows', () => {
    expect(view.cards).toEqual(CARDS);
    expect(Object.values(CARDS).filter((card) => !testCards.has(card))).toEqual([]);
  });
});

describe('with NODE_ENV=production', () => {
  it.each([
    'attach',
    'world-process',
    'world',
    'sandbox.module',
    'postgres/index',
    'platform/index',
  ])('%s does not load', (name) => {
    const file = path.resolve('dist/src/sandbox', `${name}.js`);
    const { status, stderr } = spawnSync(process.execPath, [file], {
      env: { ...process.env, NODE_ENV: 'production', SANDBOX_DIR: '/nonexistent' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('The sandbox never runs with NODE_ENV=production.');
  });
});
