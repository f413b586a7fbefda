import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { newId } from '../../src/kernel/ids.js';
import { registry } from '../../src/kernel/observability/index.js';
import { JWT_AUDIENCE, JWT_ISSUER } from '../../src/sandbox/identities.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import {
  ANY,
  caller,
  from,
  LOW_LIMITS,
  newAddress,
  statuses,
  told,
} from '../support/limited-callers.js';
import { ApiDocument } from '../support/openapi.js';
import { asService } from '../support/signers.js';
import { CHARGE, PROCESS } from '../support/shop.js';

const PAGE = 'https://tickets.example.com';

let running: RunningApp;
let nobody: Client;

beforeAll(async () => {
  running = await startApp({ ...LOW_LIMITS, CORS_ORIGINS: PAGE });
  nobody = new Client(running.url);
});

afterAll(() => running.close());

const TEN = Array<number>(10);
/** What ten answers of one kind and then a refusal look like. */
const tenThenRefused = (status: number) => [...TEN.fill(status), 429];

describe('row 44: the limit of an address', () => {
  it('is for calls without a token, and tells when to come back', async () => {
    const headers = from(newAddress());
    const first = await nobody.get(ANY, headers);
    expect([first.status, told(first)]).toMatchObject([401, { limit: 10, remaining: 9 }]);
    expect(await statuses(9, () => nobody.get(ANY, headers))).toEqual(Array(9).fill(401));
    const refused = await nobody.get(ANY, headers);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      error: 'Too many requests, try again later',
      code: 'RATE_LIMIT_EXCEEDED',
      timestamp: expect.any(String) as string,
      path: ANY,
      requestId: refused.headers.get('x-request-id'),
      level: 'address',
      limit: 10,
    });
    const { limit, remaining, reset, retryAfter } = told(refused);
    expect([limit, remaining, retryAfter]).toEqual([10, 0, reset]);
    expect(reset).toBeGreaterThan(0);
    expect(reset).toBeLessThanOrEqual(60);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('counts what nothing matches, and every way to write a path, together', async () => {
    const headers = from(newAddress());
    const variants = [
      PROCESS,
      `${PROCESS}/`,
      PROCESS.toUpperCase(),
      `/${PROCESS}`,
      PROCESS.replace('payments', 'p%61yments'),
      '/api%2fv1%2fpayments%2fprocess',
      `${PROCESS}?${randomUUID()}`,
      `${PROCESS};v=1`,
      '/api/v1/./payments/process',
      '/nothing/here',
    ];
    const answers = await statuses(10, (i) => nobody.post(variants[i] ?? '', {}, headers));
    expect(answers).not.toContain(429);
    expect(await statuses(2, (i) => nobody.post(variants[i] ?? '', {}, headers))).toEqual([
      429, 429,
    ]);
  });

  it('counts tokens that are forged, whatever tenant or user they name', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const headers = from(newAddress());
    const forged = async () => {
      const token = await new SignJWT({ tenant_id: newId(), roles: ['user'] })
        .setProtectedHeader({ alg: 'RS256' })
        .setSubject(newId())
        .setIssuer(JWT_ISSUER)
        .setAudience(JWT_AUDIENCE)
        .setExpirationTime('1h')
        .sign(privateKey);
      return new Client(running.url, token).get(ANY, headers);
    };
    expect(await statuses(11, forged)).toEqual(tenThenRefused(401));
  });

  it('counts one set of good tokens of many tenants and users', async () => {
    const headers = from(newAddress());
    const any = async () => (await caller(running, { tenantId: newId() })).get(ANY, headers);
    expect(await statuses(11, any)).toEqual(tenThenRefused(404));
  });

  it('believes of a believed proxy only what that one has seen', async () => {
    const address = newAddress();
    const lie = () => nobody.get(ANY, from(`${newAddress()}, ${address}`));
    expect(await statuses(11, lie)).toEqual(tenThenRefused(401));
  });

  it('is of a /64 where the address is IPv6', async () => {
    const inside = (i: number) => nobody.get(ANY, from(`2001:db8:1:2:${i}::${i}`));
    expect(await statuses(11, inside)).toEqual(tenThenRefused(401));
    expect((await nobody.get(ANY, from('2001:db8:1:3::1'))).status).toBe(401);
  });

  it('is the same from however many ports a proxy tells', async () => {
    const address = newAddress();
    const ports = (i: number) => nobody.get(ANY, from(`${address}:${4_000 + i}`));
    expect(await statuses(11, ports)).toEqual(tenThenRefused(401));
    expect((await nobody.get(ANY, from(`${newAddress()}:4000`))).status).toBe(401);
  });

  it('does not count what the router cannot read, which costs nothing', async () => {
    const headers = from(newAddress());
    expect(await statuses(12, () => nobody.get('/x/%', headers))).toEqual(Array(12).fill(400));
    expect((await nobody.get(ANY, headers)).headers.get('ratelimit-remaining')).toBe('9');
  });

  it('may be read by a page of another origin, whose preflights do not count', async () => {
    const headers = { ...from(newAddress()), origin: PAGE };
    const preflight = { ...headers, 'access-control-request-method': 'POST' };
    const asked = () => nobody.send('OPTIONS', PROCESS, undefined, preflight);
    expect(await statuses(12, asked)).toEqual(Array(12).fill(204));
    expect(await statuses(10, () => nobody.get(ANY, headers))).not.toContain(429);
    const refused = await nobody.get(ANY, headers);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      429,
      PAGE,
    ]);
    expect(refused.headers.get('access-control-expose-headers')).toContain('ratelimit-reset');
  });
});

describe('row 44: X-Forwarded-For of somebody who is not believed', () => {
  let direct: RunningApp;

  beforeAll(async () => {
    direct = await startApp({ ...LOW_LIMITS, TRUSTED_PROXIES: '192.0.2.0/24' });
  });
  afterAll(() => direct.close());

  it('changes nothing', async () => {
    const anyone = new Client(direct.url);
    const rotated = () => anyone.get(ANY, from(newAddress()));
    expect(await statuses(11, rotated)).toEqual(tenThenRefused(401));
  });
});

describe('row 44: the limit of a user', () => {
  it('holds from however many addresses', async () => {
    const user = await caller(running);
    expect(await statuses(7, () => user.get(ANY, from(newAddress())))).toEqual([
      ...Array<number>(6).fill(404),
      429,
    ]);
    const refused = await user.get(ANY, from(newAddress()));
    expect(refused.body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', level: 'user', limit: 6 });
    expect(told(refused).retryAfter).toBe(told(refused).reset);
    const other = await (await caller(running)).get(ANY, from(newAddress()));
    expect([other.status, told(other)]).toMatchObject([404, { limit: 6, remaining: 5 }]);
  });

  it('is one for all tokens of the user, and another one for the same id elsewhere', async () => {
    const sub = newId();
    const ask = async (tenantId?: string) =>
      (await caller(running, { sub, ...(tenantId && { tenantId }) })).get(ANY, from(newAddress()));
    expect(await statuses(7, () => ask())).toEqual([...Array<number>(6).fill(404), 429]);
    expect((await ask(running.world.cast.otherTenantId)).status).toBe(404);
  });
});

describe('row 44: the limit of an endpoint', () => {
  it('holds whatever key, address or spelling, before anything is charged', async () => {
    const user = await caller(running);
    const pay = (i: number) =>
      user.post(`${PROCESS}?${i}`, {}, { ...from(newAddress()), 'idempotency-key': randomUUID() });
    const [first] = [await pay(0)];
    expect(told(first)).toMatchObject({ limit: 3, remaining: 2 });
    expect(await statuses(3, (i) => pay(i + 1))).toEqual([422, 422, 429]);
    const refused = await pay(9);
    expect(refused.body).toMatchObject({ level: 'endpoint', limit: 3 });
    // Others are still open, as long as the user's own limit is.
    expect((await user.pay(CHARGE, {})).status).toBe(422);
  });

  it('is shared by the two ways to refund', async () => {
    const user = await caller(running);
    const refund = (i: number) =>
      user.post(
        i % 2 ? `/api/payments/${newId()}/refund` : `${ANY}/refund`,
        { amount: 1, reason: 'x' },
        { ...from(newAddress()), 'idempotency-key': randomUUID() },
      );
    const found = await statuses(4, refund);
    expect(found.slice(0, 3)).not.toContain(429);
    expect(found[3]).toBe(429);
  });
});

describe('what no limit counts', () => {
  const often = (send: (client: Client, headers: Record<string, string>) => Promise<unknown>) => {
    const headers = from(newAddress());
    return Promise.all(Array.from({ length: 15 }, () => send(nobody, headers)));
  };

  it.each(['/health', '/health/live', '/health/ready', '/info'])('a probe of %s', async (path) => {
    const answers = await often(async (client, headers) => {
      const answer = await client.get(path, headers);
      return [answer.status, told(answer).limit];
    });
    expect(answers).toEqual(Array(15).fill([200, undefined]));
  });

  it('a provider that tells many events at once, and who pretends to be one is refused', async () => {
    const answers = await often(async (client, headers) => {
      const { status } = await client.post('/webhooks/stripe', { id: 'evt_1' }, headers);
      return status;
    });
    expect(answers).toEqual(Array(15).fill(400));
  });

  it('a service of the platform, which signs', async () => {
    const signer = asService(running.world.description);
    const path = '/internal/payment-complete';
    const answers = await often(async (client, headers) => {
      const text = JSON.stringify({ orderId: 'order_1', paymentId: newId() });
      const signed = signer({ method: 'POST', path, body: Buffer.from(text) });
      return (await client.send('POST', path, text, { ...headers, ...signed })).status;
    });
    expect(answers).toEqual(Array(15).fill(404));
  });
});

it('is documented of every route that is limited, and of no other', async () => {
  const document = await ApiDocument.of(running.url);
  const open = document.routes.filter(
    (route) => !document.codesOf(route, 429).includes('RATE_LIMIT_EXCEEDED'),
  );
  expect(open.map(({ key }) => key).sort()).toEqual([
    'GET /health',
    'GET /health/db',
    'GET /health/live',
    'GET /health/ready',
    'GET /info',
    'POST /internal/calculate-tax',
    'POST /internal/payment-complete',
    'POST /webhooks/{provider}',
  ]);
});

it('counts refusals by the level of the limit', async () => {
  const ofUsers = async () =>
    Number(
      /^rate_limit_refusals_total\{level="user"\} (\d+)$/m.exec(await registry.metrics())?.[1],
    );
  const user = await caller(running);
  await statuses(6, () => user.get(ANY, from(newAddress())));
  const before = await ofUsers();
  await statuses(2, () => user.get(ANY, from(newAddress())));
  expect(await ofUsers()).toBe(before + 2);
});
