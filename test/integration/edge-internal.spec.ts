import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  internalSignature,
  type OutgoingRequest,
  signInternalRequest,
} from '../../src/kernel/auth/index.js';
import { edgeApp, TENANT, USER, type EdgeBody } from './edge-app.js';

const BODY = '{"amount":10000}';

describe('internal requests', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    ({ app } = await edgeApp());
  });
  afterAll(() => app.close());

  const signed = (changes: Partial<OutgoingRequest> = {}) =>
    signInternalRequest({
      service: 'ticket-service',
      secret: 'ticket-secret-of-today',
      tenantId: TENANT,
      method: 'POST',
      path: '/internal/echo?dry=1',
      body: BODY,
      now: new Date(),
      ...changes,
    });

  const send = (headers: Record<string, string>, url = '/internal/echo?dry=1', payload = BODY) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });

  it('accepts a signed request once', async () => {
    const headers = signed();
    const first = await send(headers);
    expect([first.statusCode, first.json()]).toEqual([
      201,
      { caller: { service: 'ticket-service', tenantId: TENANT }, body: { amount: 10000 } },
    ]);
    const again = await send(headers);
    expect([again.statusCode, again.json<EdgeBody>().code]).toEqual([401, 'INVALID_TOKEN']);
  });

  it('lets one of twenty parallel replays through', async () => {
    const headers = signed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(headers)));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(19);
  });

  it('signs exactly the documented text', () => {
    const signature = internalSignature('secret', {
      method: 'post',
      path: '/internal/calculate-tax?a=1',
      timestamp: '1700000000',
      nonce: 'n'.repeat(16),
      tenantId: TENANT,
      body: '{}',
    });
    // printf 'POST\n/internal/calculate-tax?a=1\n1700000000\nnnnnnnnnnnnnnnnn\n<tenant>\n<sha256 of {}>' | openssl dgst -sha256 -hmac secret
    expect(signature).toBe('4ca6cd6abb0ec39b57cba2ac348b799adb652c3538f6f06cb15dd63f4791ae15');
  });

  it('accepts both secrets of a rotation', async () => {
    expect((await send(signed({ secret: 'ticket-secret-of-old' }))).statusCode).toBe(201);
  });

  const seconds = (delta: number) => new Date(Date.now() + delta * 1_000);

  it.each([
    ['a changed path', () => [signed(), '/internal/echo?dry=2', BODY]],
    ['a dropped query', () => [signed(), '/internal/echo', BODY]],
    ['a changed body', () => [signed(), undefined, '{"amount":10001}']],
    ['a body re-serialised', () => [signed(), undefined, '{"amount": 10000}']],
    ['another method', () => [signed({ method: 'PUT' })]],
    ["another service's name", () => [{ ...signed(), 'x-internal-service': 'order-service' }]],
    ['an unknown service', () => [signed({ service: 'admin', secret: '' })]],
    ['another tenant', () => [{ ...signed(), 'x-internal-tenant': USER }]],
    ['another nonce', () => [{ ...signed(), 'x-internal-nonce': 'n'.repeat(24) }]],
    ['a guessable nonce', () => [{ ...signed(), 'x-internal-nonce': '1' }]],
    ['another timestamp', () => [{ ...signed(), 'x-internal-timestamp': '1700000000' }]],
    ['milliseconds', () => [{ ...signed(), 'x-internal-timestamp': String(Date.now()) }]],
    ['a wrong secret', () => [signed({ secret: 'ticket-secret-of-nobody' })]],
    ['no hexadecimal', () => [{ ...signed(), 'x-internal-signature': 'x'.repeat(64) }]],
    ['upper case', () => [upperCase(signed())]],
  ] as [string, () => [Record<string, string>, string?, string?]][])(
    'refuses %s',
    async (_, make) => {
      const answer = await send(...make());
      expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'INVALID_TOKEN']);
    },
  );

  it.each([-301, 301])('refuses a request %i seconds away', async (delta) => {
    const answer = await send(signed({ now: seconds(delta) }));
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it.each([-295, 295])('accepts a request %i seconds away', async (delta) => {
    expect((await send(signed({ now: seconds(delta) }))).statusCode).toBe(201);
  });

  it.each(['service', 'timestamp', 'nonce', 'tenant', 'signature'])(
    'refuses a request without x-internal-%s',
    async (name) => {
      const headers = Object.fromEntries(
        Object.entries(signed()).filter(([header]) => header !== `x-internal-${name}`),
      );
      const answer = await send(headers);
      expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'AUTH_REQUIRED']);
    },
  );
});

function upperCase(headers: Record<string, string>): Record<string, string> {
  const signature = headers['x-internal-signature'] ?? '';
  return { ...headers, 'x-internal-signature': signature.toUpperCase() };
}
