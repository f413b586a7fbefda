import { registry } from '../../src/kernel/observability/index.js';
import { QueueGauge } from '../../src/kernel/jobs/board/queue-gauge.js';
import { QUEUES } from '../../src/kernel/jobs/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { newKey, query, Shop } from '../support/shop.js';

const BOARD = '/admin/queues';
const HTML = { accept: 'text/html,application/xhtml+xml' };

let running: RunningApp;
let admin: Client;

beforeAll(async () => {
  // No worker: what waits, waits.
  running = await startApp({ ROLE: 'api' });
  admin = await new Shop(running.world).as(running.url, 'admin');
  const { tenantId, otherTenantId } = running.world.cast;
  const job = (tenant: string, more: string) =>
    query(
      running.world,
      `INSERT INTO jobs (tenant_id, id, queue, kind, payload, next_attempt_at, lease_until, status)
       VALUES ($1, $2, 'notifications', 'mail', '{}', ${more})`,
      [tenant, newKey()],
    );
  await job(tenantId, `now(), NULL, 'pending'`);
  await job(otherTenantId, `now(), NULL, 'pending'`);
  await job(tenantId, `now(), now() + interval '1 hour', 'pending'`);
  await job(tenantId, `now() + interval '1 hour', NULL, 'pending'`);
  await job(tenantId, `now(), NULL, 'failed'`);
  await job(tenantId, `now(), NULL, 'done'`);
});

afterAll(() => running.close());

const COUNTS = { waiting: 2, active: 1, delayed: 1, failed: 1 };

describe('the queues without Redis', () => {
  it('are told as JSON, every queue with its sources, over all tenants', async () => {
    const { status, headers, body } = await admin.get(BOARD);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
    const queues = body.queues as { name: string; failed: number; sources: { name: string }[] }[];
    expect(body.redis).toBe('not_configured');
    expect(queues.map(({ name }) => name)).toEqual([...QUEUES]);
    expect(queues.find(({ name }) => name === 'notifications')).toMatchObject({
      ...COUNTS,
      sources: [{ name: 'notifications jobs', ...COUNTS }],
    });
    // What has failed in one queue is no other's.
    expect(queues.filter(({ failed }) => failed > 0)).toHaveLength(1);
    const sources = queues.flatMap((queue) => queue.sources.map(({ name }) => name));
    expect(sources).toEqual(expect.arrayContaining(['webhook inbox', 'reconciliation jobs']));
    expect(JSON.stringify(body)).not.toContain(running.world.cast.tenantId);
  });

  it('are a page for who asks for one, without a script, under the strict policy', async () => {
    const { status, headers, text } = await admin.get(BOARD, HTML);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toBe(
      (await admin.get('/docs')).headers.get('content-security-policy'),
    );
    expect(text).not.toMatch(/<script|\son\w+=|https?:/i);
    const cells = [...text.matchAll(/<td>([^<]*)<\/td>/g)].map(([, cell]) => cell);
    const at = cells.indexOf('notifications jobs');
    expect(cells.slice(at + 1, at + 5)).toEqual(['2', '1', '1', '1']);
    for (const queue of QUEUES) expect(cells).toContain(queue);
  });

  it.each([
    ['JSON', {}],
    ['the page', HTML],
  ])('are for the platform’s operators alone: %s', async (_, headers) => {
    expect((await new Client(running.url).get(BOARD, headers)).status).toBe(401);
    for (const name of ['buyer', 'venueOwner', 'stranger'] as const) {
      const client = await new Shop(running.world).as(running.url, name);
      expect([name, (await client.get(BOARD, headers)).status]).toEqual([name, 403]);
    }
    // A tenant's administrator is none of them: it is every tenant's work.
    const { tenantId } = running.world.cast;
    const token = await running.world.mintToken({ sub: newKey(), tenantId, roles: ['admin'] });
    expect((await new Client(running.url, token).get(BOARD, headers)).status).toBe(403);
  });

  it('have nothing below them', async () => {
    for (const path of ['/', '/static/js/main.js', '/api/queues', '.json']) {
      expect([path, (await admin.get(`${BOARD}${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('are announced', async () => {
    const { body } = await admin.get('/info');
    expect(body.features).toMatchObject({ queueDashboard: BOARD });
  });
});

describe('the metric queue_jobs', () => {
  it('says the same by queue, source and state', async () => {
    await running.app.get(QueueGauge, { strict: false }).measure();
    const text = await registry.getSingleMetricAsString('queue_jobs');
    for (const [state, count] of Object.entries(COUNTS)) {
      expect(text).toContain(
        `queue_jobs{queue="notifications",source="notifications jobs",state="${state}"} ${count}`,
      );
    }
    expect(text).toContain('queue="webhook-processing",source="webhook inbox",state="waiting"} 0');
  });
});
