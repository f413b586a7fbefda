import { Retention } from '../../src/kernel/retention/index.js';
import { eventually } from '../support/shop.js';
import { answering } from '../support/webhook-receiver.js';
import {
  DELIVERIES,
  ENDPOINTS,
  type OutboundWorld,
  startOutboundWorld,
} from './outbound-webhooks-world.js';

let world: OutboundWorld;

beforeAll(async () => {
  world = await startOutboundWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const arrived = (count: number) =>
  eventually(() => world.receiver.received.length >= count, `${count} messages`);

describe('a delivery that fails', () => {
  it('is tried again, each try is kept, and it ends delivered', async () => {
    const { id } = await world.endpoint('/flaky', ['refund.completed']);
    world.receiver.behave(answering(500, {}, 'sk_live_abcdefgh0123456789 broke'));
    const deliveryId = await world.test(id);
    expect(await world.tried(deliveryId, 1)).toMatchObject({
      status: 'pending',
      attempts: 1,
      last_error: 'The endpoint answered 500',
    });
    world.receiver.behave(answering(200, {}, 'thanks'));
    await world.endPauses();
    await world.tried(deliveryId);
    const { body } = await world.admin.get(`${DELIVERIES}/${deliveryId}`);
    expect(body).toMatchObject({
      id: deliveryId,
      status: 'delivered',
      attempts: 2,
      nextAttemptAt: null,
      log: [
        { attempt: 1, outcome: 'refused', httpStatus: 500, answerExcerpt: '[key] broke' },
        { attempt: 2, outcome: 'delivered', httpStatus: 200, error: null, answerExcerpt: 'thanks' },
      ],
    });
    const [first, second] = world.receiver.received;
    expect(second?.text).toBe(first?.text);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(body.body).toBe(first?.text);
  });

  it('rests 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, then a human is asked', async () => {
    const { id } = await world.endpoint('/down', ['refund.completed']);
    world.receiver.behave(answering(503));
    const deliveryId = await world.test(id);
    const rests: number[] = [];
    for (let times = 1; times <= 9; times++) {
      const row = await world.tried(deliveryId, times);
      rests.push((row.next_attempt_at as Date).getTime() - Date.now());
      expect(row.status).toBe('pending');
      await world.endPauses();
    }
    const seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    seconds.forEach((rest, i) => {
      // Read a moment after it was set; up to a tenth is chance.
      expect(rests[i]).toBeGreaterThan(rest * 1_000 * 0.9 - 5_000);
      expect(rests[i]).toBeLessThanOrEqual(rest * 1_000 * 1.1);
    });
    expect(await world.tried(deliveryId)).toMatchObject({ status: 'failed', total_attempts: 10 });
    expect(await world.rows('SELECT kind, subject_id, details FROM open_items')).toMatchObject([
      { kind: 'webhook_delivery_failed', subject_id: id, details: { deliveryId, attempts: 10 } },
    ]);
    world.receiver.behave(answering(200));
    await world.tried(await world.test(id));
    expect(await world.rows('SELECT status, resolution FROM open_items')).toEqual([
      { status: 'resolved', resolution: 'Deliveries arrive again' },
    ]);
  });

  it('with 410 disables its endpoint at once, audited; enabled again it hears again', async () => {
    const { id } = await world.endpoint('/gone');
    world.receiver.behave(answering(410));
    expect(await world.tried(await world.test(id))).toMatchObject({ status: 'failed' });
    expect((await world.admin.get(`${ENDPOINTS}/${String(id)}`)).body).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
    });
    const { body } = await world.admin.get(`/admin/audit?objectId=${String(id)}`);
    expect(body.entries).toMatchObject([
      { action: 'webhook_endpoint.disabled', actor: { type: 'system' }, after: { reason: 'gone' } },
      { action: 'webhook_endpoint.tested' },
      { action: 'webhook_endpoint.created' },
    ]);
    world.receiver.forget();
    await world.buy();
    const skipped = await eventually(
      async () =>
        (await world.rows(`SELECT * FROM webhook_deliveries WHERE status = 'skipped'`))[0],
    );
    expect(world.receiver.received).toEqual([]);
    const again = `${DELIVERIES}/${String(skipped.id)}/redeliver`;
    expect(await world.admin.post(again, {})).toMatchObject({ status: 409 });
    const enabled = await world.change('PATCH', `${ENDPOINTS}/${String(id)}`, { enabled: true });
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
    expect(await world.admin.post(again, {})).toMatchObject({ status: 202 });
    await arrived(1);
    expect(world.receiver.received[0]?.message.type).toBe('payment.completed');
    expect(
      await world.rows(`SELECT status FROM open_items WHERE kind = 'webhook_endpoint_disabled'`),
    ).toEqual([{ status: 'resolved' }]);
  });

  it('to its last try, five days after the last one that arrived, disables its endpoint', async () => {
    const { id } = await world.endpoint('/failing', ['refund.completed']);
    world.receiver.behave(answering(500));
    await world.tried(await world.test(id), 1);
    const [failing] = await world.rows('SELECT failing_since, status FROM webhook_endpoints');
    expect(failing).toMatchObject({ failing_since: expect.any(Date) as Date, status: 'enabled' });
    const failingFor = (interval: string) =>
      world.rows(`UPDATE webhook_endpoints SET failing_since = now() - interval '${interval}'`);
    const lastTry = async () => {
      const last = await world.test(id);
      const { total_attempts: tries } = await world.tried(last, 1);
      await world.rows('UPDATE webhook_deliveries SET attempts = 9, next_attempt_at = now()');
      return world.tried(last, Number(tries) + 1);
    };
    const reason = async () =>
      (await world.rows('SELECT disabled_reason FROM webhook_endpoints'))[0]?.disabled_reason;
    await failingFor('4 days 23 h');
    expect(await lastTry()).toMatchObject({ status: 'failed' });
    expect(await reason()).toBeNull();
    await failingFor('5 days 1 h');
    await world.tried(await world.test(id), 1);
    expect(await reason()).toBeNull();
    expect(await lastTry()).toMatchObject({ status: 'failed' });
    expect(await reason()).toBe('failing');
    const items = () =>
      world.rows(`SELECT DISTINCT kind FROM open_items WHERE status = 'open' ORDER BY kind`);
    expect(await items()).toHaveLength(2);
    await world.change('DELETE', `${ENDPOINTS}/${String(id)}`);
    expect(await items()).toEqual([]);
  });

  it('is skipped when its endpoint is removed meanwhile', async () => {
    const { id } = await world.endpoint('/removed', ['refund.completed']);
    world.receiver.behave(answering(500));
    const deliveryId = await world.test(id);
    await world.tried(deliveryId, 1);
    expect((await world.change('DELETE', `${ENDPOINTS}/${String(id)}`)).status).toBe(200);
    await world.endPauses();
    expect(await world.tried(deliveryId)).toMatchObject({
      status: 'skipped',
      total_attempts: 1,
      last_error: 'The endpoint was removed',
    });
    expect((await world.admin.get(`${ENDPOINTS}/${String(id)}`)).status).toBe(404);
  });
});

describe('rows 26 and 28: an endpoint that never answers', () => {
  it('delays nobody else, however much waits for it', async () => {
    const slow = await world.endpoint('/slow', ['refund.completed']);
    const quick = await world.endpoint('/quick', ['refund.completed']);
    world.receiver.behave(() => undefined, '/slow');
    for (let i = 0; i < 40; i++) await world.test(slow.id);
    await eventually(() => world.receiver.received.length > 0, 'a slow one');
    const deliveries: string[] = [];
    for (let i = 0; i < 30; i++) deliveries.push(await world.test(quick.id));
    for (const id of deliveries) await world.tried(id);
    const [counted] = await world.rows(
      `SELECT count(*) FILTER (WHERE status = 'pending')::int AS waiting,
        count(*) FILTER (WHERE lease_until > now() AND status = 'pending')::int AS under_way
      FROM webhook_deliveries WHERE endpoint_id = $1`,
      [slow.id],
    );
    // All of the quick one's are delivered while the slow one still has its whole backlog.
    expect(counted?.waiting).toBe(40);
    expect(counted?.under_way).toBeLessThanOrEqual(4);
    const statuses = await world.rows(
      `SELECT DISTINCT status FROM webhook_deliveries WHERE endpoint_id = $1`,
      [quick.id],
    );
    expect(statuses).toEqual([{ status: 'delivered' }]);
  });
});

describe('the log', () => {
  it('goes back a month, and what is still tried stays', async () => {
    const { id } = await world.endpoint('/old', ['refund.completed']);
    const done = await world.test(id);
    await world.tried(done);
    world.receiver.behave(answering(500));
    const waiting = await world.test(id);
    await world.tried(waiting, 1);
    const age = (interval: string) =>
      world.rows(`UPDATE webhook_deliveries SET created_at = now() - interval '${interval}',
        finished_at = CASE WHEN status <> 'pending' THEN now() - interval '${interval}' END`);
    await world.rows(
      `UPDATE webhook_delivery_attempts SET started_at = now() - interval '31 days'`,
    );
    const left = () => world.rows('SELECT id FROM webhook_deliveries ORDER BY id');
    await age('29 days');
    await world.app.get(Retention).run();
    expect(await left()).toHaveLength(2);
    await age('31 days');
    await world.app.get(Retention).run();
    expect(await left()).toEqual([{ id: waiting }]);
    expect(await world.rows('SELECT delivery_id FROM webhook_delivery_attempts')).toEqual([
      { delivery_id: waiting },
    ]);
  });

  it('lists by endpoint, status and type, page by page', async () => {
    const a = await world.endpoint('/a', ['payment.completed']);
    const b = await world.endpoint('/b', ['refund.completed']);
    await world.buy();
    await world.tried(await world.test(a.id));
    await world.tried(await world.test(b.id));
    await arrived(3);
    const list = async (filter: string) => {
      const { body } = await world.admin.get(`${DELIVERIES}?${filter}`);
      return body as unknown as { deliveries: { id: string }[]; nextCursor?: string };
    };
    await eventually(async () => (await list('status=delivered')).deliveries.length === 3);
    expect((await list(`endpointId=${String(a.id)}`)).deliveries).toHaveLength(2);
    expect((await list('eventType=payment.completed')).deliveries).toHaveLength(1);
    expect((await list('status=failed')).deliveries).toEqual([]);
    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${String(first.nextCursor)}`);
    const ids = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(second).not.toHaveProperty('nextCursor');
  });

  it('sends a range again, in bounds, by type, once a call', async () => {
    const { id } = await world.endpoint('/range', ['payment.completed']);
    for (let i = 0; i < 3; i++) await world.tried(await world.test(id));
    await world.buy();
    await arrived(4);
    await eventually(
      async () =>
        (await world.rows(`SELECT 1 FROM webhook_deliveries WHERE status = 'delivered'`)).length ===
        4,
    );
    await world.rows(`UPDATE webhook_deliveries SET created_at = now() - interval '2 hours'
      WHERE id = (SELECT id FROM webhook_deliveries WHERE event_type = 'webhook.test' LIMIT 1)`);
    const range = (over: object) =>
      world.admin.post(`${ENDPOINTS}/${String(id)}/redeliver`, {
        from: new Date(Date.now() - 3_600_000).toISOString(),
        to: new Date(Date.now() + 60_000).toISOString(),
        ...over,
      });
    expect(await range({ eventTypes: ['webhook.test'] })).toMatchObject({
      status: 202,
      body: { redelivered: 2 },
    });
    await arrived(6);
    await eventually(
      async () =>
        (await world.rows(`SELECT 1 FROM webhook_deliveries WHERE status = 'delivered'`)).length ===
        4,
    );
    expect((await range({})).body).toEqual({ redelivered: 3 });
    await arrived(9);
    const past = new Date(Date.now() - 7_200_000).toISOString();
    expect(await range({ to: past })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'to' }] },
    });
  });
});
