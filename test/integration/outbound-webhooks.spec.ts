import { Database } from '../../src/kernel/postgres/database.js';
import { eventually } from '../support/shop.js';
import { verified } from '../support/webhook-receiver.js';
import { ENDPOINTS, type OutboundWorld, startOutboundWorld } from './outbound-webhooks-world.js';

let world: OutboundWorld;

beforeAll(async () => {
  world = await startOutboundWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const arrived = (count: number) =>
  eventually(() => world.receiver.received.length >= count, `${count} messages`);

describe('an event', () => {
  it('reaches every endpoint that wants it, signed, and no other', async () => {
    const all = await world.endpoint('/all');
    const paid = await world.endpoint('/paid', ['payment.completed']);
    await world.endpoint('/refunds', ['refund.completed']);
    const paymentId = await world.buy(2);
    await arrived(2);
    const { received } = world.receiver;
    expect(received.map(({ path }) => path).sort()).toEqual(['/all', '/paid']);
    const [first, second] = ['/all', '/paid'].map((path) => {
      const found = received.find((one) => one.path === path);
      if (!found) throw new Error(`nothing came to ${path}`);
      return found;
    });
    const message = first && verified(all.secret, first);
    expect(message).toMatchObject({
      type: 'payment.completed',
      version: 1,
      tenantId: world.running.world.cast.tenantId,
      aggregate: { type: 'payment', id: paymentId },
      data: { paymentId, currency: 'USD' },
    });
    expect(first?.headers['webhook-id']).toBe(message?.id);
    expect(second?.text).toBe(first?.text);
    expect(second && verified(paid.secret, second)).toEqual(message);
    expect(() => second && verified(all.secret, second)).toThrow('No matching signature');
  });

  it('of a tenant without endpoints leaves no delivery and no trace of a subscriber', async () => {
    const paymentId = await world.buy();
    const event = await eventually(async () => {
      const [row] = await world.rows(
        `SELECT event_id, processed_at FROM outbox WHERE aggregate_id = $1`,
        [paymentId],
      );
      return row?.processed_at !== null && row;
    });
    expect(await world.rows('SELECT 1 FROM webhook_deliveries')).toEqual([]);
    expect(
      await world.rows('SELECT 1 FROM event_inbox WHERE event_id = $1', [event.event_id]),
    ).toEqual([]);
  });

  it('is kept for each of more than a hundred endpoints', async () => {
    await world.endpoint('/all');
    await world.rows(`
      INSERT INTO webhook_endpoints (tenant_id, id, url, event_types, status, disabled_reason,
        secret_key_id, secret_ciphertext, created_by)
      SELECT tenant_id, gen_random_uuid(), url, event_types, 'disabled', 'administrator',
        secret_key_id, secret_ciphertext, created_by
      FROM webhook_endpoints, generate_series(1, 104)`);
    await world.buy();
    await arrived(1);
    const [kept] = await world.rows('SELECT count(*)::int AS deliveries FROM webhook_deliveries');
    expect(kept).toEqual({ deliveries: 105 });
  });

  it('is not sent to another tenant’s endpoint', async () => {
    const { cast, mintToken } = world.running.world;
    const stranger = await mintToken({
      sub: cast.users.admin,
      tenantId: cast.otherTenantId,
      roles: ['admin'],
      venues: [],
    });
    const response = await fetch(`${world.running.url}${ENDPOINTS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stranger}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${world.receiver.url}/stranger`, eventTypes: ['*'] }),
    });
    expect(response.status).toBe(201);
    await world.endpoint('/own');
    await world.buy();
    await arrived(1);
    expect(world.receiver.received.map(({ path }) => path)).toEqual(['/own']);
    expect(await world.rows(`SELECT tenant_id FROM webhook_deliveries`)).toEqual([
      { tenant_id: cast.tenantId },
    ]);
  });
});

describe('sequence numbers', () => {
  it('rise with the order in which things happened, under concurrent refunds too', async () => {
    await world.endpoint('/all');
    const paymentId = await world.buy(2);
    const refund = (amount: number) =>
      world.admin.pay(`/api/v1/payments/transaction/${paymentId}/refund`, { amount });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => refund(100 + i)));
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).toBeGreaterThan(1);
    await arrived(1 + 2 * done);
    const messages = world.receiver.received.map(({ message }) => message);
    const numbers = messages.map(({ sequence }) => sequence);
    // Refunds have their places in the payment's own stream: no two share one.
    expect(new Set(numbers).size).toBe(numbers.length);
    const kept = await world.rows(
      `SELECT aggregate_id, array_agg(sequence::int ORDER BY id) AS sequences,
        array_agg(event_type ORDER BY sequence) AS types
      FROM outbox WHERE payload->>'paymentId' = $1 GROUP BY aggregate_id`,
      [paymentId],
    );
    expect(kept).toHaveLength(1 + done);
    for (const { sequences, types } of kept as { sequences: number[]; types: string[] }[]) {
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
      expect([['payment.completed'], ['refund.initiated', 'refund.completed']]).toContainEqual(
        types,
      );
    }
  });
});

describe('a rotation', () => {
  it('lets the old secret sign for a day beside the new one', async () => {
    const { id, secret } = await world.endpoint('/rotated', ['refund.completed']);
    // However the id is written: the secret can be opened afterwards.
    const path = `${ENDPOINTS}/${String(id).toUpperCase()}/rotate-secret`;
    const rotated = await world.admin.post(path, {});
    expect(rotated).toMatchObject({ status: 200, body: { id } });
    const fresh = String(rotated.body.secret);
    expect(fresh).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(fresh).not.toBe(secret);
    await world.tried(await world.test(id));
    const [first] = world.receiver.received;
    if (!first) throw new Error('nothing came');
    expect(first.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(verified(secret, first)).toEqual(verified(fresh, first));

    await world.rows(`UPDATE webhook_endpoints SET previous_until = now()`);
    await world.tried(await world.test(id));
    const last = world.receiver.received.at(-1);
    if (!last) throw new Error('nothing came');
    expect(verified(fresh, last).type).toBe('webhook.test');
    expect(() => verified(secret, last)).toThrow('No matching signature');
  });

  it('row 45: leaves no secret readable in the database', async () => {
    const { id, secret } = await world.endpoint('/secret');
    const rotated = await world.admin.post(`${ENDPOINTS}/${String(id)}/rotate-secret`, {});
    const stored = JSON.stringify(await world.rows('SELECT t::text FROM webhook_endpoints t'));
    for (const plain of [secret, String(rotated.body.secret)]) {
      const raw = plain.replace('whsec_', '');
      expect(stored).not.toContain(raw);
      expect(stored).not.toContain(Buffer.from(raw, 'base64').toString('hex'));
      const shown = await world.admin.get(`${ENDPOINTS}/${String(id)}`);
      expect(shown.text).not.toContain(raw);
    }
    const [row] = await world.rows('SELECT secret_key_id, previous_key_id FROM webhook_endpoints');
    expect(row).toEqual({ secret_key_id: 'v1', previous_key_id: 'v1' });
  });
});

describe('the limit of a hundred endpoints', () => {
  it('holds while twenty are asked for at once', async () => {
    await world.endpoint('/first');
    await world.rows(`
      INSERT INTO webhook_endpoints (tenant_id, id, url, event_types, status, disabled_reason,
        secret_key_id, secret_ciphertext, created_by)
      SELECT tenant_id, gen_random_uuid(), url, event_types, 'disabled', 'administrator',
        secret_key_id, secret_ciphertext, created_by
      FROM webhook_endpoints, generate_series(1, 94)`);
    const wish = { url: `${world.receiver.url}/more`, eventTypes: ['*'] };
    const asked = Array.from({ length: 20 }, () => world.admin.post(ENDPOINTS, wish));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 409)).toHaveLength(15);
    const [kept] = await world.rows('SELECT count(*)::int AS endpoints FROM webhook_endpoints');
    expect(kept).toEqual({ endpoints: 100 });
  });
});

describe('an endpoint', () => {
  it.each([
    ['http to the outside', 'http://tickets.example.com/'],
    ['a user', 'https://user:pass@tickets.example.com/'],
    ['an empty user', 'https://@tickets.example.com/'],
    ['a user that looks like a host', 'https://tickets.example.com@169.254.169.254/'],
    ['a fragment', 'https://tickets.example.com/#a'],
    ['a port nobody uses', 'https://tickets.example.com:22/'],
    ['another protocol', 'file:///etc/passwd'],
    ['no URL', 'tickets.example.com'],
    ['loopback', 'https://127.1/'],
    ['loopback in decimal', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback of IPv6', 'https://[::1]/'],
    ['mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest/'],
    ['a private network of IPv6', 'https://[fd00::1]/'],
    ['a host without a domain', 'https://localhost/'],
    ['a URL of 2,049 characters', `https://tickets.example.com/${'x'.repeat(2_021)}`],
  ])('row 43: is refused with %s', async (_, url) => {
    const answer = await world.admin.post(ENDPOINTS, { url, eventTypes: ['*'] });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_ERROR', errors: [{ field: 'url' }] },
    });
  });

  it('is refused with an event that the catalogue does not have', async () => {
    const url = 'https://tickets.example.com/';
    const answer = await world.admin.post(ENDPOINTS, { url, eventTypes: ['payment.exploded'] });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'eventTypes' }] } });
  });

  it('is changed in part, and the rest stays', async () => {
    const { id, url } = await world.endpoint('/changed', ['payment.completed']);
    const path = `${ENDPOINTS}/${String(id)}`;
    const changed = await world.change('PATCH', path, { description: 'Box office' });
    expect(changed.body).toMatchObject({
      url,
      eventTypes: ['payment.completed'],
      description: 'Box office',
      enabled: true,
    });
    const refused = await world.change('PATCH', path, { url: 'https://10.0.0.1/' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'url' }] } });
    expect((await world.admin.get(ENDPOINTS)).body.endpoints).toMatchObject([{ id, url }]);
  });

  it('at another address has not failed yet', async () => {
    const { id, url } = await world.endpoint('/failing', ['payment.completed']);
    await world.rows('UPDATE webhook_endpoints SET failing_since = now()');
    const path = `${ENDPOINTS}/${String(id)}`;
    const described = await world.change('PATCH', path, { description: 'Box office', url });
    expect(described.body.failingSince).toEqual(expect.any(String));
    const moved = await world.change('PATCH', path, { url: `${String(url)}/2` });
    expect(moved.body).toMatchObject({ failingSince: null });
  });
});

describe('an endpoint that others change at the same time', () => {
  const database = () => world.app.get(Database);
  /** Somebody changes endpoints right after they were read, at most so often. */
  const meddle = (times: number) => {
    const read = database().read.bind(database());
    let left = times;
    return jest.spyOn(database(), 'read').mockImplementation(async (tenantId, statements) => {
      const found = await read(tenantId, statements);
      if (!statements.some(({ text }) => text.includes('FROM webhook_endpoints'))) return found;
      if (left-- > 0) {
        await world.rows(`UPDATE webhook_endpoints SET status = 'disabled',
          disabled_reason = 'gone', updated_at = now()`);
      }
      return found;
    });
  };
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('keeps what they changed', async () => {
    const { id } = await world.endpoint('/contested', ['payment.completed']);
    meddle(1);
    const wish = { description: 'Box office' };
    const changed = await world.change('PATCH', `${ENDPOINTS}/${String(id)}`, wish);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...wish, enabled: false, disabledReason: 'gone' });
  });

  it('is left alone when they do not stop', async () => {
    const { id } = await world.endpoint('/contested', ['payment.completed']);
    meddle(2);
    const path = `${ENDPOINTS}/${String(id)}`;
    const changed = await world.change('PATCH', path, { enabled: true });
    expect(changed.status).toBe(409);
    expect((await world.admin.get(path)).body).toMatchObject({ disabledReason: 'gone' });
  });
});
