import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { eventually, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { adminPath, join, pathOf, put, statusOf } from '../support/waiting-room-desk.js';

jest.setTimeout(300_000);

const BUYERS = 100;
const SEATS = 20;
/** How many may hold access at once. */
const AT_ONCE = 5;

describeWithRedis(`row 29 in Redis: ${BUYERS} buyers for ${SEATS} seats`, () => {
  let redis: TestRedis;
  let running: RunningApp;
  let shop: Shop;
  let admin: Client;
  let buyers: Client[];

  beforeAll(async () => {
    redis = await startRedis();
    running = await startApp({ REDIS_URL: redis.url, STRIPE_TIMEOUT_MS: '60000' });
    shop = new Shop(running.world);
    admin = await shop.as(running.url, 'admin');
    buyers = await shop.buyers(running.url, BUYERS);
  });
  afterAll(async () => {
    await running.close();
    await redis.close();
  });

  /** Places that were let in although somebody before them still waits. */
  const overtaken = (eventId: string) =>
    query(
      running.world,
      `SELECT a.queue_id FROM waiting_room_places a
        WHERE a.event_id = $1 AND a.admitted_at IS NOT NULL AND a.ordinal > (
          SELECT min(ordinal) FROM waiting_room_places WHERE event_id = $1 AND status = 'waiting')`,
      [eventId],
    );

  it('sells every seat once, in the order of the draw, with a Redis that is emptied on the way', async () => {
    const event = shop.event({ capacity: SEATS, highDemand: true });
    const terms = { opensAt: '2031-06-01T15:00:00Z', capacity: AT_ONCE, ratePerMinute: 30_000 };
    expect((await put(admin, adminPath(event.id), terms)).status).toBe(200);
    const joined = await Promise.all(buyers.map((buyer) => join(buyer, event.id)));
    expect(new Set(joined.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(async () => (await redis.client.keys('waiting-room:*')).length > 0, 'Redis');
    expect((await admin.post(adminPath(event.id, '/open'), {})).status).toBe(200);

    const drawn = await admin.get(pathOf(event.id, '/draw'));
    const order = (drawn.body.places as { queueId: string }[]).map(({ queueId }) => queueId);
    expect(order).toHaveLength(BUYERS);
    const line = buyers.map((client, i) => ({ client, card: `${CARDS.ok}_no_${i}` }));

    const answers: Reply[] = [];
    const paid = () => answers.filter(({ status }) => status === 200).length;
    const buy = async ({ client, card }: (typeof line)[number]) => {
      const { body } = await statusOf(client, event.id);
      const token = body.accessToken as string | null;
      if (token === null) return;
      const headers = { 'idempotency-key': newKey(), 'x-access-token': token };
      answers.push(await client.post(PROCESS, orderOf(event, { card }), headers));
    };
    while (paid() < SEATS) {
      await Promise.all(line.map(buy));
      expect(await overtaken(event.id)).toEqual([]);
      await redis.client.flushall();
    }
    const others = answers.filter(({ status }) => status !== 200);
    for (const { body } of others) expect(body.code).toBe('SOLD_OUT');
    const text = `SELECT queue_id FROM waiting_room_places
      WHERE event_id = $1 AND status = 'purchased'`;
    const purchased = await query(running.world, text, [event.id]);
    expect(purchased).toHaveLength(SEATS);
    for (const { queue_id: id } of purchased) {
      expect(order.indexOf(String(id))).toBeLessThan(SEATS + AT_ONCE);
    }
    expect(await checkInvariants(running.world)).toEqual([]);
  });
});
