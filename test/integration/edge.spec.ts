import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bearer, edgeApp, token, USER, type EdgeBody } from './edge-app.js';

describe('the HTTP edge', () => {
  let app: NestFastifyApplication;
  let headers: Record<string, string>;

  beforeAll(async () => {
    ({ app } = await edgeApp({ CORS_ORIGINS: 'https://shop.example.com' }));
    headers = bearer(await token());
  });
  afterAll(() => app.close());

  const get = (url: string, more: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers: { ...headers, ...more } });

  it('answers with ids and security headers', async () => {
    const answer = await get('/orders', { 'x-request-id': 'request-0001' });
    expect(answer.json()).toEqual({ page: 1, userId: USER, roles: ['user'] });
    expect(answer.headers).toMatchObject({
      'x-request-id': 'request-0001',
      'x-correlation-id': 'request-0001',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none';script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it.each(['a b', 'x', '<script>', 'x'.repeat(65), 'a\u0001bcdefgh'])(
    'does not echo the request id %j',
    async (id) => {
      const answer = await get('/orders', { 'x-request-id': id, 'x-correlation-id': id });
      expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
      expect(answer.headers['x-correlation-id']).toBe(answer.headers['x-request-id']);
    },
  );

  it('keeps a correlation id that the caller brings', async () => {
    const answer = await get('/orders', { 'x-correlation-id': 'checkout-42' });
    expect(answer.headers['x-correlation-id']).toBe('checkout-42');
  });

  it.each([
    ['GET', '/nowhere', 404, 'NOT_FOUND'],
    ['GET', '/Orders', 404, 'NOT_FOUND'],
    ['GET', '/orders/', 404, 'NOT_FOUND'],
    ['GET', '//orders', 404, 'NOT_FOUND'],
    ['GET', '/orders/%', 400, 'BAD_REQUEST'],
    ['GET', '/orders/%00', 400, 'BAD_REQUEST'],
    ['GET', '/orders/a%E2%80%AEb', 400, 'BAD_REQUEST'],
    ['GET', '/orders?page=%00', 400, 'BAD_REQUEST'],
    ['GET', '/orders?page=0x10', 422, 'VALIDATION_ERROR'],
    ['GET', '/orders?page=1&page=2', 422, 'VALIDATION_ERROR'],
    ['GET', '/orders?__proto__[x]=1', 422, 'VALIDATION_ERROR'],
    ['GET', '/orders?other=1', 422, 'VALIDATION_ERROR'],
    ['DELETE', '/orders', 405, 'METHOD_NOT_ALLOWED'],
    ['PATCH', '/orders/1', 405, 'METHOD_NOT_ALLOWED'],
  ] as const)('%s %s is %i %s in the envelope', async (method, url, status, code) => {
    const answer = await app.inject({ method, url, headers });
    const path = url.split('?')[0];
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([status, code]);
    expect(answer.json()).toEqual({
      error: expect.any(String),
      code,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      path: path?.slice(0, 256),
      requestId: answer.headers['x-request-id'],
      ...(status === 422 ? { errors: expect.any(Array) } : {}),
    });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each([
    ['a URL of 5,000 characters', `/orders?page=${'1'.repeat(5_000)}`],
    ['a path parameter of 300 characters', `/orders/${'a'.repeat(300)}`],
  ])('refuses %s', async (_, url) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.json<EdgeBody>().path.length).toBeLessThanOrEqual(256);
  });

  it('names the methods a path has', async () => {
    const answer = await app.inject({ method: 'DELETE', url: '/orders', headers });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('does not believe a method override', async () => {
    const answer = await get('/orders', { 'x-http-method-override': 'POST' });
    expect(answer.json()).toHaveProperty('page');
  });

  it('sends a stored answer byte for byte', async () => {
    const answer = await get('/orders/replayed');
    expect([answer.statusCode, answer.body]).toEqual([202, '{"b" : 1,  "a":2}']);
    expect(answer.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('turns a refusal into its error answer', async () => {
    const answer = await get('/orders/refused');
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.json()).toMatchObject({
      code: 'SOLD_OUT',
      error: 'No ticket is left',
      remaining: 0,
    });
  });

  it('says nothing about a bug', async () => {
    const answer = await get('/orders/bug?token=abc');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'INTERNAL_ERROR', path: '/orders/bug' });
    expect(answer.body).not.toMatch(/SELECT|sk_live|stack|token/);
  });

  it('says when to come back while the database is away', async () => {
    const answer = await get('/orders/away');
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([
      503,
      'DATABASE_UNAVAILABLE',
    ]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('answers a preflight of a configured origin only', async () => {
    const preflight = (origin: string) =>
      app.inject({
        method: 'OPTIONS',
        url: '/orders',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const ours = await preflight('https://shop.example.com');
    const other = await preflight('https://evil.example.com');
    expect(ours.headers['access-control-allow-origin']).toBe('https://shop.example.com');
    const allowed = String(ours.headers['access-control-allow-headers']).toLowerCase().split(/, ?/);
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'idempotency-key', 'x-access-token']),
    );
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('serves metrics, which are of all tenants, to operators only', async () => {
    expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401);
    expect((await get('/metrics')).statusCode).toBe(403);
    const tenants = bearer(await token({ claims: { roles: ['admin'] } }));
    expect((await app.inject({ url: '/metrics', headers: tenants })).statusCode).toBe(403);
    const admin = bearer(await token({ claims: { roles: ['platform_admin'] } }));
    const answer = await app.inject({ url: '/metrics', headers: admin });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toMatch(/http_request_duration_seconds_count{.*route="\/orders\/:id"/);
    expect(answer.body).not.toContain('/nowhere');
  });
});
