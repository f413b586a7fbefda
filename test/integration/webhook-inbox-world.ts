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
import { refuse, type Refusal } from '../../src/kernel/errors.js';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { configureApp, createHttpAdapter } from '../../src/kernel/http/index.js';
import type { WorkSource } from '../../src/kernel/jobs/index.js';
import { ObservabilityModule } from '../../src/kernel/observability/index.js';
import { WEBHOOK_INBOX } from '../../src/webhooks/infra/inbox-worker.js';
import {
  type InboundWebhookHandler,
  type InboundWebhookSource,
  type InboxEvent,
  type InboxVerdict,
  type VerifiedWebhook,
  WebhookProvider,
} from '../../src/webhooks/webhooks.contract.js';
import { WebhooksModule } from '../../src/webhooks/webhooks.module.js';
import { workOf } from '../support/work.js';
import { ENVIRONMENT } from './edge-app.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';

/*
 * Importing this file gives a spec a database of its own, the application with the webhooks of one
 * bank and an empty inbox before each test.
 */

export const SECRET = 'whsec_of_acme';
export const hmac = (body: string | Buffer, secret: string) =>
  createHmac('sha256', secret).update(body).digest('hex');

/** A bank whose signature is the plain HMAC of the bytes. */
@WebhookProvider('acme')
@Injectable()
export class AcmeSource implements InboundWebhookSource {
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
      uneventful: type === 'noise',
    };
  }
}

@WebhookProvider('acme')
@Injectable()
export class AcmeHandler implements InboundWebhookHandler {
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

export let db: OpenDatabase;
export let app: NestFastifyApplication;
export let worker: WorkSource;
export let acme: AcmeHandler;

export async function newApp(background = false): Promise<NestFastifyApplication> {
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

export const body = (over: Record<string, unknown> = {}) =>
  JSON.stringify({ id: 'evt_1', type: 'charge.succeeded', object: 'ch_1', ...over });

export function post(
  payload: string,
  signature = hmac(payload, SECRET),
  provider = 'acme',
  to = app,
) {
  return to.inject({
    method: 'POST',
    url: `/webhooks/${provider}`,
    headers: { 'content-type': 'application/json', 'acme-signature': signature },
    payload,
  });
}

export const rows = () => db.query('SELECT * FROM webhook_inbox ORDER BY webhook_id');
export const endPauses = () => db.query('UPDATE webhook_inbox SET next_attempt_at = now()');

beforeAll(async () => {
  db = await openDatabase();
  app = await newApp();
  worker = workOf(app, WEBHOOK_INBOX);
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
