import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Reply } from '../support/client.js';
import {
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../support/otlp-receiver.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const RUNS = '/admin/reconciliation/runs';
const LAST_STEP = 'reconciliation.close_run';
const SECRET_OF_CALLER = 'pii-in-a-query';

/** Tells at its end which of OpenTelemetry's modules the process has loaded. */
const TELL_LOADED = `--import=data:text/javascript,${encodeURIComponent(`
  import Module from 'node:module';
  process.on('exit', () => console.log('LOADED', JSON.stringify(
    Object.keys(Module._cache).filter((file) => /@opentelemetry.(?!api\\b)/.test(file)))));
`)}`;

let world: TestWorld;
let shop: Shop;
let event: OneTypeEvent;
let receiver: OtlpReceiver;
let app: AppProcess | undefined;

beforeAll(async () => {
  world = await startTestWorld();
  shop = new Shop(world);
  event = shop.event();
  receiver = await startOtlpReceiver();
});
afterEach(async () => {
  await app?.kill();
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
  app = await startProcess(world, { NODE_OPTIONS: TELL_LOADED, ...settings });
  return app;
}

async function buyAt({ url }: AppProcess, headers: Record<string, string> = {}): Promise<Reply> {
  const buyer = await shop.buyer(url);
  const key = { 'idempotency-key': crypto.randomUUID() };
  const path = `${PROCESS}?note=${SECRET_OF_CALLER}`;
  return buyer.post(path, orderOf(event), { ...key, ...headers });
}

function loaded(ended: AppProcess): string[] {
  return JSON.parse(/^LOADED (.*)$/m.exec(ended.logs())?.[1] ?? 'null') as string[];
}

const rowsOfTrace = (table: string) =>
  query(world, `SELECT traceparent FROM ${table} WHERE traceparent LIKE '00-${TRACE}-%'`);

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let spans: readonly ReceivedSpan[];
  let sent: string;
  let bought: Reply;
  let tenants: WebhookReceiver;

  afterAll(() => tenants.close());
  beforeAll(async () => {
    tenants = await startWebhookReceiver();
    const running = await start({
      WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${tenants.port}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      // Too long for this test: whatever arrives was sent at the end.
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });
    const admin = await shop.as(running.url, 'admin');
    const hooks = { url: `${tenants.url}/hooks`, eventTypes: ['payment.completed'] };
    expect((await admin.post('/api/v1/webhooks/endpoints', hooks)).status).toBe(201);
    bought = await buyAt(running, {
      traceparent: `00-${TRACE}-${CALLER}-01`,
      tracestate: `vendor=${SECRET_OF_CALLER}`,
      baggage: `user=${SECRET_OF_CALLER}`,
      'user-agent': SECRET_OF_CALLER,
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': SECRET_OF_CALLER,
      forwarded: `host=${SECRET_OF_CALLER};proto=${SECRET_OF_CALLER}`,
    });
    const traceparent = `00-${TRACE}-${CALLER}-01`;
    expect((await admin.post(RUNS, {}, { traceparent })).status).toBe(201);
    await eventually(async () => {
      const open = await query(
        world,
        `SELECT 1 FROM saga_commands WHERE status <> 'done'
         UNION ALL SELECT 1 FROM outbox WHERE processed_at IS NULL`,
      );
      const done = await query(world, `SELECT 1 FROM saga_commands WHERE type = $1`, [LAST_STEP]);
      return open.length === 0 && done.length > 0;
    }, 'the reconciliation');
    await eventually(() => tenants.received.length > 0, 'the webhook');
    expect(await running.terminate()).toEqual({ code: 0, signal: null });
    sent = receiver.raw();
    spans = receiver.spans().filter(({ traceId }) => traceId === TRACE);
  });

  const stripePort = () => Number(new URL(world.env.STRIPE_API_BASE ?? '').port);
  const named = (name: RegExp) => spans.filter((span) => name.test(span.name));

  /** Whether `span` is below `ancestor`, however far. */
  function isBelow(span: ReceivedSpan | undefined, ancestor: ReceivedSpan | undefined): boolean {
    const parent = spans.find(({ spanId }) => spanId === span?.parentSpanId);
    return parent !== undefined && (parent === ancestor || isBelow(parent, ancestor));
  }

  it('traces a request, its SQL and its calls', () => {
    expect(bought.status).toBe(200);
    const [request] = named(/^POST \/api\/v1\/payments\/process$/);
    expect(request).toMatchObject({
      parentSpanId: CALLER,
      attributes: { 'http.route': PROCESS, 'http.response.status_code': 200 },
    });
    const batches = named(/^postgres$/).filter((span) => isBelow(span, request));
    const summaries = batches.map(({ attributes }) => attributes['db.query.summary']);
    expect(summaries).toEqual(
      expect.arrayContaining([expect.stringMatching(/^BEGIN;.*INSERT INTO outbox;.*; COMMIT$/)]),
    );
    const pool = named(/^pg-pool\.connect$/).filter((span) => isBelow(span, request));
    expect(pool.length).toBeGreaterThan(0);
    const stripe = named(/^POST$/).filter((span) => isBelow(span, request));
    expect(stripe.map(({ attributes }) => attributes['http.response.status_code'])).toContain(200);
  });

  it('goes on in the same trace from the outbox over the relay and a job to the provider', async () => {
    const [request] = named(/^POST \/admin\/reconciliation\/runs$/);
    // The relay serves everybody: its own passes belong to no request.
    const summaries = spans.map(({ attributes }) => attributes['db.query.summary']);
    expect(summaries.join()).not.toContain('UPDATE outbox; UPDATE outbox');
    const [delivery] = named(/^reconciliation\.requested to saga reconciliation$/);
    const jobs = named(/^saga dispatcher$/);
    const calls = named(/^GET$/).filter(
      ({ attributes }) => attributes['server.port'] === stripePort(),
    );
    expect(isBelow(delivery, request)).toBe(true);
    expect(jobs.some((job) => isBelow(job, delivery))).toBe(true);
    expect(calls.some((call) => jobs.some((job) => isBelow(call, job)))).toBe(true);
    // Step after step: the last job of the run is still below the request that asked for it.
    expect(jobs.filter((job) => isBelow(job, request)).length).toBeGreaterThanOrEqual(4);
    for (const table of ['outbox', 'saga_commands']) {
      expect((await rowsOfTrace(table)).length).toBeGreaterThan(0);
    }
  });

  it('ends at the tenant’s own server, to which the event is sent', () => {
    const [request] = named(/^POST \/api\/v1\/payments\/process$/);
    const sending = named(/^POST$/).filter(
      ({ attributes }) => attributes['server.port'] === tenants.port,
    );
    expect(sending.map((span) => isBelow(span, request))).toEqual([true]);
  });

  it('tells nobody anything of a person, and no secret', () => {
    const secrets = Object.values(world.env).filter((value) => /secret|sk_test|whsec/i.test(value));
    const told = ['203.0.113.7', 'Bearer', 'pm_card', event.venueId, 'VALUES', '$1', ...secrets];
    for (const text of [SECRET_OF_CALLER, ...told]) expect(sent).not.toContain(text);
    expect(spans.length).toBeGreaterThan(10);
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it('loads nothing of OpenTelemetry but the interface that a library asks for', async () => {
    const running = await start();
    expect((await buyAt(running)).status).toBe(200);
    await running.terminate();
    expect(loaded(running)).toEqual([]);
  });

  it('is not the same as with it', async () => {
    const running = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    await running.terminate();
    expect(loaded(running).length).toBeGreaterThan(0);
  });
});

describe('a collector that is away', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['breaks connections', (socket) => socket.destroy()],
    ['never answers', () => undefined],
  ])('and %s stops neither a purchase nor the process', async (_, answer) => {
    const away = createServer(answer).listen(0, '127.0.0.1');
    await once(away, 'listening');
    const { port } = away.address() as AddressInfo;
    const running = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    expect((await buyAt(running)).status).toBe(200);
    expect(await running.terminate()).toEqual({ code: 0, signal: null });
    away.close();
  });
});
