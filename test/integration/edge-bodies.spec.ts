import { createConnection } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bearer, edgeApp, OrdersController, token, type EdgeBody } from './edge-app.js';

const KEY = '0f8fad5b-d9cb-469f-a165-70867728950e';
const order = (member: string) => `{"amount":100,${member}}`;
const deep = (open: string, close: string, depth: number) =>
  open.repeat(depth) + close.repeat(depth);

/** [what, body, status]; everything must be refused and nothing reach the handler. */
const HOSTILE: readonly (readonly [string, string | Buffer, number])[] = [
  ['zero', '{"amount":0}', 422],
  ['a negative amount', '{"amount":-5}', 422],
  ['minus zero', '{"amount":-0}', 422],
  ['a fraction', '{"amount":10.5}', 422],
  ['a text for a number', '{"amount":"100"}', 422],
  ['hexadecimal text', '{"amount":"0x10"}', 422],
  ['exponent text', '{"amount":"1e2"}', 422],
  ['full-width digits', '{"amount":"１００"}', 422],
  ['a list for a number', '{"amount":[100]}', 422],
  ['true for a number', '{"amount":true}', 422],
  ['null for a number', '{"amount":null}', 422],
  ['a missing field', '{}', 422],
  ['a list for an object', '[{"amount":100}]', 422],
  ['a text for an object', '"amount"', 422],
  ['null for an object', 'null', 422],
  ['a number for an object', '100', 422],
  ['an unknown field', order('"status":"PAID"'), 422],
  ['an amount beyond the bound', '{"amount":100000000}', 422],
  ['NaN', '{"amount":NaN}', 400],
  ['hexadecimal', '{"amount":0x10}', 400],
  ['1e309', '{"amount":1e309}', 400],
  ['1e-400', order('"metadata":{"x":1e-400}'), 400],
  ['2^53 + 1', '{"amount":9007199254740993}', 400],
  ['2^63', '{"amount":9223372036854775808}', 400],
  ['2^53 + 1 as a fraction', '{"amount":9007199254740993.0}', 400],
  ['a fraction that would vanish', '{"amount":100.0000000000000000001}', 400],
  ['a duplicate key', '{"amount":1,"amount":999}', 400],
  ['a duplicate key in disguise', '{"amount":1,"\\u0061mount":999}', 400],
  ['__proto__', order('"__proto__":{"polluted":true}'), 400],
  ['__proto__ in disguise', order('"\\u005f_proto__":{"polluted":true}'), 400],
  ['constructor.prototype', order('"constructor":{"prototype":{"polluted":true}}'), 400],
  ['a polluting member', order('"metadata":{"__proto__":{"polluted":true}}'), 400],
  ['NUL in a text', order('"name":"a\\u0000b"'), 422],
  ['NUL deep inside', order('"metadata":{"a":[{"b":"\\u0000"}]}'), 422],
  ['NUL in a key', order('"metadata":{"a\\u0000":1}'), 422],
  ['a carriage return', order('"name":"a\\r\\nSet-Cookie: x"'), 422],
  ['an escape character', order('"name":"\\u001b[31m"'), 422],
  ['a lone high surrogate', order('"name":"\\ud800"'), 422],
  ['a lone low surrogate', order('"name":"\\udc00x"'), 422],
  ['a right-to-left override', order('"name":"a\u202eb"'), 422],
  ['a right-to-left override, escaped', order('"name":"a\\u202eb"'), 422],
  ['a raw control character', order('"name":"a\u0001b"'), 400],
  ['a byte order mark', '\ufeff{"amount":100}', 400],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400],
  ['an overlong encoding', Buffer.from('7b2261223a22c0af227d', 'hex'), 400],
  ['nothing', '', 400],
  ['half a body', '{"amount":', 400],
  ['half a text', '{"name":"abc', 400],
  ['a body and more', '{"amount":100}{}', 400],
  ['a single quote', "{'amount':100}", 400],
  ['17 levels', order(`"metadata":${deep('[', ']', 16)}`), 400],
  ['20,000 levels of lists', order(`"metadata":${deep('[', ']', 20_000)}`), 400],
  ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
  ['40,000 opened lists', '['.repeat(40_000), 400],
  ['100,000 keys', `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`, 400],
  ['5,000 invalid items', order(`"lines":[${Array(5_000).fill('{}').join()}]`), 400],
  ['1,000 invalid items', order(`"lines":[${Array(1_000).fill('{}').join()}]`), 422],
  ['2 MB', order(`"name":"${'x'.repeat(2_000_000)}"`), 413],
];

describe('hostile bodies', () => {
  let app: NestFastifyApplication;
  let headers: Record<string, string>;

  beforeAll(async () => {
    ({ app } = await edgeApp());
    headers = { ...bearer(await token()), 'content-type': 'application/json' };
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());
  beforeEach(() => {
    OrdersController.accepted = [];
  });

  const post = (payload: string | Buffer, more: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/orders/plain', headers: { ...headers, ...more }, payload });

  it('accepts what is right, with every kind of text and number', async () => {
    const body = order('"name":"Žofie 👩‍🚀\\n\\tü","metadata":{"x":0.30000000000000004,"y":-1.5e3}');
    const answer = await post(body);
    expect([answer.statusCode, answer.json()]).toEqual([201, JSON.parse(body)]);
  });

  it('accepts 16 levels', async () => {
    const answer = await post(order(`"metadata":{"a":${deep('[', ']', 14)}}`));
    expect(answer.statusCode).toBe(201);
  });

  it.each(HOSTILE)('refuses %s', async (_, body, status) => {
    const answer = await post(body);
    const expected = { 400: 'BAD_REQUEST', 413: 'PAYLOAD_TOO_LARGE', 422: 'VALIDATION_ERROR' };
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([
      status,
      expected[status as keyof typeof expected],
    ]);
    expect(OrdersController.accepted).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(answer.body.length).toBeLessThan(8_000);
  });

  it('names the field, one message each', async () => {
    const answer = await post('{"amount":"x","lines":[{"quantity":1},{"quantity":11,"seat":1}]}');
    expect(answer.json<EdgeBody>().errors).toEqual([
      { field: 'amount', message: 'must not be greater than 99999999' },
      { field: 'lines.1.seat', message: 'is not a known field' },
      { field: 'lines.1.quantity', message: 'must not be greater than 10' },
    ]);
    const many = await post(order(`"lines":[${Array(51).fill('{"quantity":0}').join()}]`));
    expect(many.json<EdgeBody>().errors).toEqual([
      { field: 'lines', message: 'must be a list of at most 50 items' },
    ]);
    const text = await post(order('"metadata":{"note":"\\u0000"}'));
    expect(text.json<EdgeBody>().errors[0]?.field).toBe('metadata.note');
  });

  it.each([
    ['form data', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', { 'content-type': 'text/plain' }],
    ['no type', { 'content-type': '' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['gzip', { 'content-encoding': 'gzip' }],
    ['two types in one', { 'content-type': 'application/json, text/plain' }],
  ])('refuses %s with 415', async (_, more) => {
    const answer = await post(gzipSync('{"amount":100}'), more);
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  it('accepts utf-8 by name', async () => {
    const more = { 'content-type': 'application/json; charset="UTF-8"' };
    expect((await post('{"amount":100}', more)).statusCode).toBe(201);
  });

  it.each([
    [undefined, 'IDEMPOTENCY_KEY_MISSING'],
    ['', 'IDEMPOTENCY_KEY_MISSING'],
    ['abc', 'IDEMPOTENCY_KEY_INVALID'],
    [`${KEY}0`, 'IDEMPOTENCY_KEY_INVALID'],
    [`${KEY}, ${KEY}`, 'IDEMPOTENCY_KEY_INVALID'],
  ])('refuses the idempotency key %j', async (key, code) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/orders',
      headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      payload: '{"amount":100}',
    });
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([400, code]);
  });

  it.each([KEY, KEY.toUpperCase(), '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21'])(
    'takes the idempotency key %s in lower case',
    async (key) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/orders',
        headers: { ...headers, 'idempotency-key': key },
        payload: '{"amount":100}',
      });
      expect(answer.json<EdgeBody>().key).toBe(key.toLowerCase());
    },
  );

  /** Writes bytes to a socket and reads what comes until the server or `until` ends it. */
  function raw(bytes: string): Promise<string> {
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.endsWith('}')) socket.destroy();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }

  it.each(['Authorization: Bearer x', `Idempotency-Key: ${KEY}`, 'Content-Type: application/json'])(
    'refuses the header %s twice',
    async (header) => {
      const auth = String(headers.authorization);
      const answer = await raw(
        `POST /orders HTTP/1.1\r\nHost: x\r\nAuthorization: ${auth}\r\nIdempotency-Key: ${KEY}\r\n` +
          `Content-Type: application/json\r\n${header}\r\nContent-Length: 14\r\n\r\n{"amount":100}`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('may come only once');
      expect(OrdersController.accepted).toEqual([]);
    },
  );

  it.each([
    ['a bad header line', 'GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key : a\r\n\r\n', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      400,
    ],
    ['a huge header', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('answers %s in the envelope', async (_, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'BAD_REQUEST' });
  });
});
