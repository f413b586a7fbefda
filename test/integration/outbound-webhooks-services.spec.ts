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
    const token = await mintToken({
      sub: newId(),
      tenantId: cast.tenantId,
      roles: ['platform_admin'],
      venues: [],
    });
    const platform = new Client(world.running.url, token);
    const again = `${DELIVERIES}/${id}/redeliver`;
    expect(await world.admin.post(again, {})).toMatchObject({ status: 404 });
    expect(await platform.post(again, {})).toMatchObject({ status: 202 });
    const range = {
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    };
    const all = `${ENDPOINTS}/${TICKETS}/redeliver`;
    expect(await world.admin.post(all, range)).toMatchObject({ status: 404 });
    expect(await platform.post(all, range)).toMatchObject({ status: 202 });
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
});
