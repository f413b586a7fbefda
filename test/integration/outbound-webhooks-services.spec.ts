import { randomBytes } from 'node:crypto';
import { derivedId, newId } from '../../src/kernel/ids.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/shop.js';
import {
  DELIVERIES,
  ENDPOINTS,
  type OutboundWorld,
  startOutboundWorld,
} from './outbound-webhooks-world.js';

const PLATFORM = '0198f3a0-5c1e-7d64-b1f2-6a4c0d9e7b35';
const TICKETS = derivedId(PLATFORM, 'ticketService');
const ORDERS = derivedId(PLATFORM, 'orderService');

let world: OutboundWorld;

beforeAll(async () => {
  // The ticket service has another secret and refuses; of the order service nothing is known.
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  world = await startOutboundWorld({ TICKET_SERVICE_WEBHOOK_SECRET: secret });
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** A delivery to the ticket service that it has refused once. */
const refused = async () => {
  await world.buy();
  const row = await eventually(
    async () =>
      (
        await world.rows(
          'SELECT id FROM webhook_deliveries WHERE endpoint_id = $1 AND total_attempts > 0',
          [TICKETS],
        )
      )[0],
  );
  return String(row.id);
};

describe('what the platform’s own services answer', () => {
  it('is neither kept nor shown to the tenant', async () => {
    const id = await refused();
    const tries = () =>
      world.rows('SELECT http_status, answer_excerpt FROM webhook_delivery_attempts');
    expect(await tries()).toEqual([{ http_status: 401, answer_excerpt: null }]);
    await world.rows(`UPDATE webhook_delivery_attempts SET answer_excerpt = 'of long ago'`);
    const { body } = await world.admin.get(`${DELIVERIES}/${id}`);
    expect(body.log).toMatchObject([{ httpStatus: 401, answerExcerpt: null }]);
  });
});

describe('a delivery to the platform’s own services', () => {
  it('is sent again by the platform’s administrators alone', async () => {
    const id = await refused();
    const { cast, mintToken } = world.running.world;
    const as = async (role: 'admin' | 'platform_admin') => {
      const token = await mintToken({ sub: newId(), tenantId: cast.tenantId, roles: [role] });
      return new Client(world.running.url, token);
    };
    const [admin, platform] = [await as('admin'), await as('platform_admin')];
    const again = `${DELIVERIES}/${id}/redeliver`;
    expect(await admin.post(again, {})).toMatchObject({ status: 404 });
    const waits = async () => {
      const [row] = await world.rows(
        `SELECT now() - pending_since < interval '1 hour' AS fresh FROM webhook_deliveries
        WHERE id = $1`,
        [id],
      );
      await world.rows(`UPDATE webhook_deliveries SET pending_since = now() - interval '4 days'`);
      return row?.fresh;
    };
    expect([await waits(), await waits()]).toEqual([true, false]);
    expect(await platform.post(again, {})).toMatchObject({ status: 202 });
    expect(await waits()).toBe(true);
    const range = {
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    };
    const all = `${ENDPOINTS}/${TICKETS}/redeliver`;
    expect(await admin.post(all, range)).toMatchObject({ status: 404 });
    // What is on its way is not sent again.
    await world.rows(`UPDATE webhook_deliveries SET status = 'failed', finished_at = now()`);
    expect(await platform.post(all, range)).toMatchObject({ status: 202 });
    expect(await waits()).toBe(true);
  });

  it('waits, uncounted, in a process that does not know the service', async () => {
    const id = newId();
    await world.rows(
      `INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, body)
      VALUES ($1, $2, $3, $4, 'payment.completed', '{}')`,
      [world.running.world.cast.tenantId, id, ORDERS, newId()],
    );
    const row = await eventually(
      async () =>
        (
          await world.rows(
            `SELECT *, next_attempt_at > now() AS rests FROM webhook_deliveries
            WHERE id = $1 AND last_error IS NOT NULL`,
            [id],
          )
        )[0],
    );
    expect(row).toMatchObject({
      status: 'pending',
      attempts: 0,
      total_attempts: 0,
      lease_until: null,
      rests: true,
    });
  });

  it('is made by a process that does not know the service, for one that does', async () => {
    await world.rows(
      `INSERT INTO event_subscriptions VALUES ('webhooks to orderService', '{payment.completed}')`,
    );
    await world.buy();
    const made = await eventually(
      async () =>
        (
          await world.rows(
            `SELECT event_type, status FROM webhook_deliveries WHERE endpoint_id = $1`,
            [ORDERS],
          )
        )[0],
    );
    expect(made).toEqual({ event_type: 'payment.completed', status: 'pending' });
    await world.rows(`DELETE FROM event_subscriptions WHERE subscriber LIKE '%orderService'`);
  });

  it('that nobody knows any more is given up when its tries would have ended', async () => {
    const { cast } = world.running.world;
    const id = newId();
    await world.rows(
      `INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, body,
        pending_since)
      VALUES ($1, $2, $3, $4, 'payment.completed', '{}', now() - interval '4 days')`,
      [cast.tenantId, id, ORDERS, newId()],
    );
    const why = 'The process was not configured to reach the service';
    const row = await world.tried(id);
    expect(row).toMatchObject({ status: 'failed', total_attempts: 0, last_error: why });
    expect(await world.rows('SELECT kind, subject_id, cause FROM open_items')).toEqual([
      { kind: 'webhook_delivery_failed', subject_id: ORDERS, cause: `Given up: ${why}` },
    ]);
  });
});
