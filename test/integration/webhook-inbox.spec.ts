import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Global, Injectable, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuthModule } from '../../src/kernel/auth/index.js';
import { Clock } from '../../src/kernel/clock.js';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { constantTimeEqual } from '../../src/kernel/crypto/constant-time.js';
import { AppError, refuse, type Refusal } from '../../src/kernel/errors.js';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { configureApp, createHttpAdapter } from '../../src/kernel/http/index.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { ObservabilityModule } from '../../src/kernel/observability/index.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { InboxRetention } from '../../src/webhooks/infra/inbox-retention.js';
import { InboxWorker } from '../../src/webhooks/infra/inbox-worker.js';
import {
  type InboundWebhookHandler,
  type InboundWebhookSource,
  type InboxEvent,
  type InboxVerdict,
  type VerifiedWebhook,
  WebhookProvider,
} from '../../src/webhooks/webhooks.contract.js';
import { WebhooksModule } from '../../src/webhooks/webhooks.module.js';
import { ENVIRONMENT, TENANT } from './edge-app.js';
import { ground, type OpenDatabase, openDatabase, until } from './outbox-database.js';

const SECRET = 'whsec_of_acme';
const hmac = (body: string | Buffer, secret: string) =>
  createHmac('sha256', secret).update(body).digest('hex');

/** A bank whose signature is the plain HMAC of the bytes. */
@WebhookProvider('acme')
@Injectable()
class AcmeSource implements InboundWebhookSource {
  verify(rawBody: Buffer, headers: IncomingHttpHeaders): VerifiedWebhook | Refusal {
    const signature = String(headers['acme-signature']);
    if (!constantTimeEqual(signature, hmac(rawBody, SECRET))) {
      return refuse('INVALID_SIGNATURE', 'The signature is not valid');
    }
    const { id, type, live, object } = JSON.parse(rawBody.toString()) as Record<string, string>;
    return {
      eventId: id ?? '',
      eventType: type ?? '',
      account: 'acct_1',
      livemode: Boolean(live),
      payload: { object },
      signature,
    };
  }
}

@WebhookProvider('acme')
@Injectable()
class AcmeHandler implements InboundWebhookHandler {
  readonly handled: InboxEvent[] = [];
  verdict: () => InboxVerdict | Promise<InboxVerdict> = () => 'processed';

  async handle(event: InboxEvent): Promise<InboxVerdict> {
    this.handled.push(event);
    return this.verdict();
  }
}

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

let db: OpenDatabase;
let app: NestFastifyApplication;
let worker: InboxWorker;
let acme: AcmeHandler;

async function newApp(background = false): Promise<NestFastifyApplication> {
  const config = loadConfig(ENVIRONMENT);
  const testing = await Test.createTestingModule({
    imports: [
      ConfigModule.register(config),
      ClockModule,
      ground(db, background),
      CqrsModule.forRoot(),
      AuthModule,
      ObservabilityModule,
      WebhooksModule,
    ],
    providers: [AcmeSource, AcmeHandler],
  }).compile();
  const created = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), {
    logger: false,
  });
  await configureApp(created, config);
  await created.init();
  await created.getHttpAdapter().getInstance().ready();
  return created;
}

const body = (over: Record<string, unknown> = {}) =>
  JSON.stringify({ id: 'evt_1', type: 'charge.succeeded', object: 'ch_1', ...over });

function post(payload: string, signature = hmac(payload, SECRET), provider = 'acme') {
  return app.inject({
    method: 'POST',
    url: `/webhooks/${provider}`,
    headers: { 'content-type': 'application/json', 'acme-signature': signature },
    payload,
  });
}

const rows = () => db.query('SELECT * FROM webhook_inbox ORDER BY webhook_id');
const endPauses = () => db.query('UPDATE webhook_inbox SET next_attempt_at = now()');

beforeAll(async () => {
  db = await openDatabase();
  app = await newApp();
  worker = app.get(InboxWorker);
  acme = app.get(AcmeHandler);
});

beforeEach(async () => {
  armFailpoints(undefined);
  acme.handled.length = 0;
  acme.verdict = () => 'processed';
  await db.query('TRUNCATE webhook_inbox');
});

afterAll(async () => {
  await app.close();
  await db.close();
});

describe('POST /webhooks/:provider', () => {
  it('stores the event before it says so', async () => {
    const response = await post(body());
    expect([response.statusCode, response.json()]).toEqual([200, { received: true }]);
    expect(await rows()).toEqual([
      expect.objectContaining({
        tenant_id: TENANT,
        provider: 'acme',
        webhook_id: 'evt_1',
        event_type: 'charge.succeeded',
        account: 'acct_1',
        livemode: false,
        payload: { object: 'ch_1' },
        signature: hmac(body(), SECRET),
        status: 'pending',
        attempts: 0,
      }),
    ]);
    expect(acme.handled).toEqual([]);
  });

  it('takes fifty copies at once and handles one', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(body())));
    expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([200]));
    expect(await rows()).toHaveLength(1);
    await Promise.all([worker.pass(), worker.pass(), worker.pass()]);
    expect(acme.handled).toHaveLength(1);
    expect((await post(body())).statusCode).toBe(200);
    expect(await worker.pass()).toBe(0);
  });

  const signed = hmac(body(), SECRET);
  it.each([
    ['no signature', body(), ''],
    ['a signature of another body', body({ object: 'ch_2' }), signed],
    ['a body written anew', JSON.stringify(JSON.parse(body()), null, 1), signed],
    ["another endpoint's secret", body(), hmac(body(), 'whsec_of_other')],
  ])('refuses %s', async (_, payload, signature) => {
    const response = await post(payload, signature);
    expect([response.statusCode, response.json()]).toMatchObject([
      400,
      { code: 'INVALID_SIGNATURE' },
    ]);
    expect(await rows()).toEqual([]);
  });

  it('knows no other provider', async () => {
    const response = await post(body(), signed, 'nobody');
    expect([response.statusCode, response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    expect(await rows()).toEqual([]);
  });

  it('refuses an empty request', async () => {
    const response = await app.inject({ method: 'POST', url: '/webhooks/acme' });
    expect(response.statusCode).toBe(400);
  });

  it('refuses more than 256 kB, takes just that much', async () => {
    const padded = (bytes: number) => {
      const empty = body({ padding: '' });
      return body({ padding: 'x'.repeat(bytes - empty.length) });
    };
    const tooLarge = await post(padded(256 * 1024 + 1));
    expect([tooLarge.statusCode, tooLarge.json()]).toMatchObject([
      413,
      { code: 'PAYLOAD_TOO_LARGE' },
    ]);
    expect(await rows()).toEqual([]);
    expect((await post(padded(256 * 1024))).statusCode).toBe(200);
  });

  it('says nothing good when the process dies after storing; the copy is the same event', async () => {
    armFailpoints('webhook.after_inbox:throw');
    expect((await post(body())).statusCode).toBe(500);
    armFailpoints(undefined);
    expect((await post(body())).statusCode).toBe(200);
    expect(await rows()).toHaveLength(1);
  });
});

describe('the inbox', () => {
  beforeEach(async () => {
    await post(body());
  });

  it('hands over what was verified, and notes it as processed', async () => {
    expect(await worker.pass()).toBe(1);
    expect(acme.handled).toEqual([
      expect.objectContaining({
        tenantId: TENANT,
        provider: 'acme',
        eventId: 'evt_1',
        eventType: 'charge.succeeded',
        account: 'acct_1',
        livemode: false,
        payload: { object: 'ch_1' },
        attempts: 0,
      }),
    ]);
    expect(await rows()).toMatchObject([{ status: 'processed', processed_at: expect.any(Date) }]);
    expect(await worker.pass()).toBe(0);
  });

  it('keeps an event about an unknown object until it is known', async () => {
    acme.verdict = () => 'retry';
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1 }]);
    expect(await worker.pass()).toBe(0);
    await endPauses();
    acme.verdict = () => 'processed';
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'processed', error_message: null }]);
  });

  it.each<[string, () => InboxVerdict]>([
    ['retry', () => 'retry'],
    [
      'failure',
      () => {
        throw new Error('broken');
      },
    ],
  ])('leaves an event to a human after twelve times %s', async (_, verdict) => {
    acme.verdict = verdict;
    for (let attempt = 1; attempt <= 12; attempt++) {
      expect(await rows()).toMatchObject([{ status: 'pending', attempts: attempt - 1 }]);
      await worker.pass();
      await endPauses();
    }
    expect(await rows()).toMatchObject([{ status: 'failed', attempts: 12, lease_until: null }]);
    expect(await worker.pass()).toBe(0);
  });

  it('counts nothing while the provider is away', async () => {
    acme.verdict = () => {
      throw new AppError('PROVIDER_UNAVAILABLE', 'away');
    };
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });

  it('sets aside what must not be acted on', async () => {
    acme.verdict = () => ({ quarantine: 'livemode differs' });
    await worker.pass();
    await endPauses();
    expect(await rows()).toMatchObject([
      { status: 'quarantined', error_message: 'livemode differs', lease_until: null },
    ]);
    expect(await worker.pass()).toBe(0);
  });

  it('leaves no event in processing when its worker died', async () => {
    const lease = (interval: string) =>
      db.query(
        `UPDATE webhook_inbox SET status = 'processing', lease_until = now() + $1::interval`,
        [interval],
      );
    await lease('10 seconds');
    expect(await worker.pass()).toBe(0);
    await lease('-1 second');
    expect(await worker.pass()).toBe(1);
    expect(await rows()).toMatchObject([{ status: 'processed', lease_until: null }]);
  });

  it('does not let a worker that lost its lease undo the work of the next', async () => {
    acme.verdict = async (): Promise<InboxVerdict> => {
      acme.verdict = () => 'processed';
      await db.query(`UPDATE webhook_inbox SET lease_until = now() - interval '1 second'`);
      await worker.pass();
      return 'retry';
    };
    await worker.pass();
    expect(acme.handled).toHaveLength(2);
    expect(await rows()).toMatchObject([{ status: 'processed', attempts: 0 }]);
  });

  it('isolates a sick event from its neighbours', async () => {
    for (let n = 2; n <= 30; n++) await post(body({ id: `evt_${n}` }));
    acme.verdict = () => {
      if (acme.handled.at(-1)?.eventId === 'evt_7') throw new Error('sick');
      return 'processed';
    };
    for (let pass = 1; pass <= 4; pass++) await worker.pass();
    const statuses = await db.query(
      'SELECT status, count(*)::integer FROM webhook_inbox GROUP BY 1 ORDER BY 1',
    );
    expect(statuses).toEqual([
      { status: 'pending', count: 1 },
      { status: 'processed', count: 29 },
    ]);
  });

  it('forgets what was processed a month ago, and nothing else', async () => {
    await post(body({ id: 'evt_2' }));
    await worker.pass();
    await post(body({ id: 'evt_3' }));
    await db.query(`UPDATE webhook_inbox SET processed_at = now() - interval '31 days'
      WHERE webhook_id = 'evt_1'`);
    await db.query(`UPDATE webhook_inbox SET received_at = now() - interval '31 days'
      WHERE webhook_id = 'evt_3'`);
    await app.get(InboxRetention).pass();
    expect((await rows()).map((row) => row.webhook_id)).toEqual(['evt_2', 'evt_3']);
  });

  it('is invisible to other tenants', async () => {
    const { database } = db;
    const read = async (tenantId: Uuid) =>
      (await database.read(tenantId, [sql`SELECT id FROM webhook_inbox`]))[0]?.rows.length;
    expect([await read(TENANT), await read(newId())]).toEqual([1, 0]);
  });
});

it('works by itself in the background, at once after an event came', async () => {
  const other = await newApp(true);
  await other.inject({
    method: 'POST',
    url: '/webhooks/acme',
    headers: { 'content-type': 'application/json', 'acme-signature': hmac(body(), SECRET) },
    payload: body(),
  });
  await until(async () => (await rows())[0]?.status === 'processed');
  await other.close();
});

it('does not start with a provider that only verifies', async () => {
  const half = Test.createTestingModule({
    imports: [
      ConfigModule.register(loadConfig(ENVIRONMENT)),
      ground(db),
      CqrsModule.forRoot(),
      WebhooksModule,
    ],
    providers: [AcmeSource],
  });
  const compiled = await half.compile();
  await expect(compiled.init()).rejects.toThrow('need both a source and a handler');
});
