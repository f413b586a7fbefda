import { Client } from '../support/client.js';
import { flawsOfError } from '../support/error-envelope.js';
import type { Route, Schema } from '../support/openapi.js';
import { readRaw, sendRaw } from '../support/raw-http.js';
import type { Sample } from '../support/sample-requests.js';
import { TargetRange } from '../support/targets.js';

let range: TargetRange;
let token: string;

beforeAll(async () => {
  range = await TargetRange.open();
  token = await range.running.world.identities.tokenOf('admin');
});

afterAll(() => range.close());

/** Values under a title short enough to print. */
function named(values: readonly string[]): [string, string][] {
  return values.map((value) => [value.slice(0, 24), value]);
}

const HOSTILE_SEGMENTS = [
  '%',
  '%f',
  '%ff',
  '%c3%28',
  '%00',
  '%0d%0aX-Injected:%201',
  '%e2%80%ae',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%5c..',
  "'%20OR%201=1%20--",
  '0',
  '-1',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '%EF%BC%91%EF%BC%90',
  'x'.repeat(300),
  'x'.repeat(5_000),
];

describe('a malformed path', () => {
  it.each(named(['/x/%', '/%', '/%ff/x', '/x/%00', '/x/%c0%ae', `/${'y'.repeat(5_000)}`]))(
    '%j is 400',
    async (_, path) => {
      const answer = await new Client(range.running.url).get(path);
      expect(answer.status).toBe(400);
      expect(flawsOfError(answer, path)).toEqual([]);
    },
  );

  it('in the place of an id is refused by every route, storing nothing', async () => {
    const withIds = range.document.routes.filter(({ path }) => path.includes('{'));
    expect(withIds.length).toBeGreaterThan(8);
    const samples: [Route, Sample][] = [];
    for (const route of withIds) samples.push([route, await range.samples.of(route.key)]);
    const before = await range.rows.digest();
    const complaints: string[] = [];
    for (const [route, { body }] of samples) {
      for (const segment of HOSTILE_SEGMENTS) {
        const path = route.path.replaceAll(/\{\w+\}/g, () => segment);
        const text = body && JSON.stringify(body);
        const answer = await new Client(range.running.url, token).send(
          route.method,
          path,
          text,
          {},
        );
        const isRefused = [400, 404, 422].includes(answer.status);
        const flaws = isRefused ? flawsOfError(answer, path) : [String(answer.status)];
        if (flaws.length > 0) complaints.push(`${route.key} ${segment}: ${flaws.join()}`);
      }
    }
    expect(complaints).toEqual([]);
    expect(await range.rows.digest()).toEqual(before);
  });
});

const POLLUTING = [
  '__proto__[polluted]=1',
  '__proto__.polluted=1',
  'a[__proto__][polluted]=1',
  'constructor[prototype][polluted]=1',
  'constructor.prototype.polluted=1',
];

/** Is it a whole number, written as one, that the documented range takes? */
function isCount({ type, minimum = 1, maximum = 0 }: Schema, value: string): boolean {
  if (type !== 'integer' && type !== 'number') return false;
  return /^(0|[1-9]\d*)$/.test(value) && minimum <= Number(value) && Number(value) <= maximum;
}

describe('a hostile query', () => {
  const read = () => range.document.routes.filter(({ method }) => method === 'GET');

  it('pollutes no prototype', async () => {
    for (const route of read()) {
      const { path, signer } = await range.samples.of(route.key);
      for (const query of POLLUTING) {
        const headers = signer?.({ method: 'GET', path: `${path}?${query}` }) ?? {};
        const answer = await new Client(range.running.url).get(`${path}?${query}`, headers);
        expect([route.key, query, answer.status < 500]).toEqual([route.key, query, true]);
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(
    named([
      ...['', '0', '-1', '-0', '0x10', '1e1', '1.5', '%EF%BC%91', '99999999999999999999', 'NaN'],
      ...['null', 'true', '[]', 'x', '%20', '1%20', '1;DROP', '1&=2', "'", 'x'.repeat(3_000)],
    ]),
  )('is 422 with %j for a parameter', async (_, value) => {
    for (const route of read()) {
      const parameters = route.operation.parameters?.filter((p) => p.in === 'query') ?? [];
      const { path, signer } = await range.samples.of(route.key);
      for (const { name, schema } of parameters) {
        // `history` and kinds are words; a word that they take is no attack.
        if (schema?.enum?.includes(value)) continue;
        if (schema?.pattern !== undefined && new RegExp(schema.pattern).test(value)) continue;
        if (schema && isCount(schema, value)) continue;
        const asked = `${path}?${name}=${value}`;
        const answer = await new Client(range.running.url).get(
          asked,
          signer?.({ method: 'GET', path: asked }) ?? {},
        );
        expect([asked, answer.status]).toEqual([asked, 422]);
        expect(flawsOfError(answer, path)).toEqual([]);
      }
    }
  });

  it('is 422 with a parameter twice, an unknown one, or one in brackets', async () => {
    const listing = await range.samples.of('GET /api/payments');
    const headers = listing.signer?.({ method: 'GET', path: '' }) ?? {};
    for (const query of [
      'limit=1&limit=2',
      'limit[]=1',
      'limit[$gt]=1',
      'userId=x',
      'tenant_id=x',
    ]) {
      const answer = await new Client(range.running.url).get(`/api/payments?${query}`, headers);
      expect([query, answer.status]).toEqual([query, 422]);
    }
  });

  it('is 400 with characters that no text may hold', async () => {
    for (const value of ['%00', '%ff', '%0d%0a', '%e2%80%ae', '%', '%1b']) {
      const answer = await new Client(range.running.url, token).get(
        `/api/payments?status=${value}`,
      );
      expect([value, answer.status]).toEqual([value, 400]);
    }
  });
});

describe('on the wire', () => {
  const KEY = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
  let body: string;
  const head = (...more: string[]) =>
    [
      'POST /api/v1/payments/process HTTP/1.1',
      'Host: x',
      'Connection: close',
      ...more,
      '',
      '',
    ].join('\r\n');
  const authorization = () => `Authorization: Bearer ${token}`;
  const json = 'Content-Type: application/json';
  const length = () => `Content-Length: ${Buffer.byteLength(body)}`;

  beforeAll(async () => {
    const { body: sample } = await range.samples.of('POST /api/v1/payments/process');
    // The quote is the buyer's, and here an administrator buys.
    body = JSON.stringify({ ...sample, quote: undefined });
  });

  it.each<[string, () => string[]]>([
    ['a key twice', () => [`Idempotency-Key: ${KEY}`, `Idempotency-Key: ${KEY}`, length()]],
    ['a token twice', () => [authorization(), `Idempotency-Key: ${KEY}`, length()]],
    ['a type twice', () => [json, `Idempotency-Key: ${KEY}`, length()]],
    ['two lengths', () => [`Idempotency-Key: ${KEY}`, length(), 'Content-Length: 1']],
    [
      'a length and chunks',
      () => [`Idempotency-Key: ${KEY}`, length(), 'Transfer-Encoding: chunked'],
    ],
    ['a folded key', () => [`Idempotency-Key: ${KEY}\r\n X-Injected: 1`, length()]],
    ['a bare carriage return in a key', () => [`Idempotency-Key: ${KEY}\rX-Injected: 1`, length()]],
    ['a NUL in a key', () => [`Idempotency-Key: ${KEY}\0`, length()]],
    ['a space before the colon', () => [`Idempotency-Key : ${KEY}`, length()]],
  ])('%s is 400, and nothing is stored', async (_, more) => {
    const before = await range.rows.digest();
    const answer = await sendRaw(range.running.url, head(authorization(), json, ...more()) + body);
    expect(readRaw(answer)).toMatchObject({
      status: 400,
      body: { code: expect.stringMatching(/^(BAD_REQUEST|IDEMPOTENCY_KEY_INVALID)$/) as string },
    });
    expect(answer).not.toMatch(/x-injected/i);
    expect(await range.rows.digest()).toEqual(before);
  });

  it('the same request without any of that is a purchase', async () => {
    const right = head(authorization(), json, `Idempotency-Key: ${KEY}`, length());
    const answer = await sendRaw(range.running.url, right + body);
    expect(readRaw(`${answer.split('\r\n', 1)[0] ?? ''}\r\n\r\n{}`).status).toBe(200);
  });

  it('a request that never ends is cut off', async () => {
    const before = await range.rows.digest();
    const started = head(
      authorization(),
      json,
      `Idempotency-Key: ${KEY.replace('01', '02')}`,
      'Transfer-Encoding: chunked',
    );
    const [headers, chunks, garbage] = await Promise.all([
      sendRaw(range.running.url, 'POST /api/v1/payments/process HTTP/1.1\r\nHost: x\r\nX-A: b\r\n'),
      sendRaw(range.running.url, started, '5\r\n{"a":\r\n'),
      sendRaw(range.running.url, started, 'no chunk\r\n'),
    ]);
    expect(readRaw(headers)).toMatchObject({ status: 408, body: { code: 'BAD_REQUEST' } });
    expect(readRaw(chunks)).toMatchObject({ status: 408, body: { code: 'BAD_REQUEST' } });
    expect(readRaw(garbage)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await range.rows.digest()).toEqual(before);
  });
});
