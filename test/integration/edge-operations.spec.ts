import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  GracefulShutdown,
  MetricsListener,
  ReadinessChecks,
  ServiceInfo,
} from '../../src/kernel/observability/index.js';
import { edgeApp } from './edge-app.js';

describe('health and information', () => {
  let app: NestFastifyApplication;
  let away: string[];

  beforeEach(async () => {
    ({ app } = await edgeApp());
    away = [];
    const register = (name: string, critical: boolean, detail = {}) =>
      app.get(ReadinessChecks).register({
        name,
        critical,
        check: () =>
          away.includes(name) ? Promise.reject(new Error('secret host')) : Promise.resolve(detail),
      });
    register('database', true);
    register('migrations', true, { pending: 0 });
    register('redis', false);
  });
  afterEach(() => app.close());

  const get = async (url: string) => {
    const answer = await app.inject({ url });
    return { status: answer.statusCode, body: answer.json<{ status: string }>() };
  };

  it('is healthy', async () => {
    app.get(ServiceInfo).declare({ stripe: true });
    expect(await get('/health')).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        service: 'payment-service',
        timestamp: expect.any(String),
        components: {
          database: 'healthy',
          migrations: 'healthy',
          redis: 'healthy',
          processor: 'stripe',
        },
      },
    });
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    const ready = await get('/health/ready');
    expect(ready.body).toMatchObject({ status: 'ok', details: { migrations: { pending: 0 } } });
    expect((await get('/health/db')).status).toBe(200);
  });

  it('is degraded, and ready, without something optional', async () => {
    away = ['redis'];
    const ready = await get('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'degraded']);
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      components: { redis: 'degraded', database: 'healthy' },
    });
  });

  it('is not ready without the database, and does not say why', async () => {
    away = ['database'];
    const ready = await get('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([503, 'error']);
    expect(JSON.stringify(ready.body)).not.toContain('secret host');
    expect((await get('/health/db')).status).toBe(503);
    expect((await get('/health')).body.status).toBe('unhealthy');
    expect((await get('/health/live')).status).toBe(200);
  });

  it('reports what modules declared and the real port', async () => {
    app.get(ServiceInfo).declare({ stripe: true, webhooks: true });
    app.get(ServiceInfo).listensOn(4321);
    expect((await get('/info')).body).toMatchObject({
      service: 'payment-service',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      port: 4321,
      processor: 'stripe',
      features: { stripe: true, square: false, webhooks: true, reconciliation: false },
      status: 'running',
    });
  });

  it('serves metrics, and nothing else, on the internal listener', async () => {
    const port = await app.get(MetricsListener).start();
    const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
    expect((await fetch(`http://127.0.0.1:${port}/orders`)).status).toBe(404);
  });
});

describe('documentation', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    ({ app } = await edgeApp());
  });
  afterAll(() => app.close());

  it('serves Swagger UI without an inline script or anything from outside', async () => {
    const page = await app.inject({ url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)/);
    const references = [...page.body.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map(
      ([, reference = '']) => new URL(reference, 'http://x/docs'),
    );
    expect(references.length).toBeGreaterThan(3);
    for (const { host, pathname } of references) {
      expect(host).toBe('x');
      expect((await app.inject({ url: pathname })).statusCode).toBe(200);
    }
  });

  it('documents errors with examples, keys and who may call', async () => {
    const document = (await app.inject({ url: '/docs-json' })).json<OpenAPIObject>();
    const { paths } = document;
    const post = paths['/orders']?.post;
    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '409', '422']),
    );
    expect(post?.responses['409']).toMatchObject({
      content: {
        'application/json': {
          examples: {
            SOLD_OUT: { value: { code: 'SOLD_OUT' } },
            DUPLICATE_IN_PROGRESS: { value: { code: 'DUPLICATE_IN_PROGRESS' } },
          },
        },
      },
    });
    expect(post?.parameters?.[0]).toMatchObject({ name: 'Idempotency-Key', required: true });
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(paths['/orders']?.get?.security).toBeUndefined();
    expect(paths['/health']?.get?.security).toEqual([{}]);
    expect(paths['/internal/echo']?.post?.security).toEqual([{ internal: [] }]);
    expect(paths['/orders/admin']?.get?.security).toEqual([{ bearer: [] }]);
  });
});

describe('shutdown', () => {
  const CLIENTS = 200;

  it('answers every accepted request of 200 keep-alive clients', async () => {
    const { app } = await edgeApp();
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const get = async (path: string) => {
      const sent = request({ port, host: '127.0.0.1', path, agent }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      answer.resume();
      await once(answer, 'end');
      return { status: answer.statusCode, connection: answer.headers.connection };
    };
    await Promise.all(Array.from({ length: CLIENTS }, () => get('/health/live')));

    const shutdown = app.get(GracefulShutdown);
    const under = Array.from({ length: CLIENTS - 1 }, () => get('/slow'));
    await sleep(150);
    const stopped = shutdown.stop(app);
    const ready = await get('/health/ready');
    expect(ready).toEqual({ status: 503, connection: 'close' });

    const answers = await Promise.all(under);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.every(({ connection }) => connection === 'close')).toBe(true);
    await stopped;
    await expect(get('/health/live')).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  it('gives up when the time is up', async () => {
    const { app } = await edgeApp({ SHUTDOWN_TIMEOUT_MS: '100' });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const open = fetch(`http://127.0.0.1:${port}/slow`);
    await sleep(50);
    await expect(app.get(GracefulShutdown).stop(app)).rejects.toThrow('not finished');
    expect((await open).status).toBe(200);
    await app.close();
  });
});
