import { newId } from '../../src/kernel/ids.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client, type Reply } from '../support/client.js';
import {
  ANY,
  caller,
  from,
  LOW_LIMITS,
  newAddress,
  statuses,
  told,
} from '../support/limited-callers.js';
import { query } from '../support/shop.js';

const LIMITS = '/admin/rate-limits';

let running: RunningApp;

beforeAll(async () => {
  running = await startApp({ ...LOW_LIMITS, RATE_LIMIT_ENDPOINT_PER_MINUTE: '' });
});
afterAll(() => running.close());

/** An operator nobody has met: of the platform's tenant. */
async function operator(): Promise<{ client: Client; sub: string }> {
  const { world, url } = running;
  const sub = newId();
  const tenantId = world.cast.platformTenantId;
  return {
    client: new Client(url, await world.mintToken({ sub, tenantId, roles: ['platform_admin'] })),
    sub,
  };
}

async function put(tenantId: string, limits: readonly object[]): Promise<Reply> {
  const { client } = await operator();
  const body = JSON.stringify({ limits });
  return client.send('PUT', `${LIMITS}?tenantId=${tenantId}`, body, from(newAddress()));
}

async function get(tenantId: string): Promise<Record<string, unknown>> {
  const { client } = await operator();
  const { body } = await client.get(`${LIMITS}?tenantId=${tenantId}`, from(newAddress()));
  const limits = body.limits as { name: string }[];
  return Object.fromEntries(limits.map(({ name, ...rest }) => [name, rest]));
}

describe('the figures of a tenant', () => {
  it('are the standard ones: the seed’s for endpoints, which tell their routes', async () => {
    expect(await get(newId())).toEqual({
      address: { perMinute: 10, standard: 10, routes: [] },
      user: { perMinute: 6, standard: 6, routes: [] },
      'payments.cancel': of(20, 'POST /api/v1/payments/transaction/:transactionId/cancel'),
      'payments.capture': of(20, 'POST /api/v1/payments/transaction/:transactionId/capture'),
      'payments.charge': of(20, 'POST /api/payments/charge'),
      'payments.process': of(20, 'POST /api/v1/payments/process'),
      'payments.refund': of(
        10,
        'POST /api/payments/:paymentId/refund',
        'POST /api/v1/payments/transaction/:transactionId/refund',
      ),
    });
  });

  it('hold for its users alone, and go back to the standard', async () => {
    const tenantId = newId();
    const answer = await put(tenantId, [
      { name: 'user', perMinute: 2 },
      { name: 'payments.process', perMinute: 1 },
    ]);
    expect(answer.status).toBe(200);
    expect(await get(tenantId)).toMatchObject({
      user: { perMinute: 2, standard: 6 },
      'payments.process': { perMinute: 1, standard: 20 },
    });
    const user = await caller(running, { tenantId });
    expect(await statuses(3, () => user.get(ANY, from(newAddress())))).toEqual([404, 404, 429]);
    const payer = await caller(running, { tenantId });
    const pay = () => payer.post('/api/v1/payments/process', {}, from(newAddress()));
    expect(told(await pay())).toMatchObject({ limit: 1, remaining: 0 });
    expect((await pay()).body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', level: 'endpoint' });
    const other = await (await caller(running)).get(ANY, from(newAddress()));
    expect(told(other).limit).toBe(6);
    await put(tenantId, []);
    expect((await user.get(ANY, from(newAddress()))).status).toBe(404);
  });

  it('are the platform’s for addresses', async () => {
    const { platformTenantId } = running.world.cast;
    expect((await put(platformTenantId, [{ name: 'address', perMinute: 3 }])).status).toBe(200);
    const headers = from(newAddress());
    const anyone = new Client(running.url);
    expect(await statuses(4, () => anyone.get(ANY, headers))).toEqual([401, 401, 401, 429]);
    await put(platformTenantId, []);
    expect((await anyone.get(ANY, headers)).status).toBe(401);
  });

  it('are changed on the record', async () => {
    const tenantId = newId();
    await put(tenantId, [{ name: 'user', perMinute: 7 }]);
    await put(tenantId, [{ name: 'user', perMinute: 9 }]);
    const rows = await query(
      running.world,
      `SELECT action, object_type, object_id, before, after FROM audit_log
        WHERE tenant_id = '${tenantId}' ORDER BY id`,
    );
    const entry = { action: 'rate_limits.changed', object_type: 'tenant', object_id: tenantId };
    expect(rows).toEqual([
      { ...entry, before: {}, after: { user: 7 } },
      { ...entry, before: { user: 7 }, after: { user: 9 } },
    ]);
  });

  it('are replaced whole, also by two at once', async () => {
    const tenantId = newId();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        put(tenantId, [{ name: i % 2 ? 'user' : 'payments.charge', perMinute: 5 }]),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const rows = await query(
      running.world,
      `SELECT name FROM rate_limits WHERE tenant_id = '${tenantId}'`,
    );
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['a limit that does not exist', [{ name: 'nothing', perMinute: 5 }], 'limits.0.name'],
    ['one that comes twice', twice('user'), 'limits.1.name'],
    ['that of addresses', [{ name: 'address', perMinute: 5 }], 'limits.0.name'],
    ['none at all', [{ name: 'user', perMinute: 0 }], 'limits.0.perMinute'],
    ['a part of a request', [{ name: 'user', perMinute: 1.5 }], 'limits.0.perMinute'],
    ['more than there can be', [{ name: 'user', perMinute: 1_000_001 }], 'limits.0.perMinute'],
  ])('refuses %s', async (_, limits, field) => {
    const { status, body } = await put(newId(), limits);
    expect([status, body.errors]).toMatchObject([422, [{ field }]]);
  });
});

function of(perMinute: number, ...routes: string[]) {
  return { perMinute, standard: perMinute, routes };
}

function twice(name: string) {
  return [name, name].map((one) => ({ name: one, perMinute: 5 }));
}
