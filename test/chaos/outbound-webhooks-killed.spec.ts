import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import {
  startWebhookReceiver,
  verified,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

let world: TestWorld;
let receiver: WebhookReceiver;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  receiver = await startWebhookReceiver();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await receiver.close();
  await world.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
  const allowed = { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` };
  const app = await startProcess(world, { ...allowed, ...settings });
  started.push(app);
  return app;
}

describe('an application killed', () => {
  it.each([
    ['webhook.before_send', 1],
    ['webhook.after_send', 2],
  ])('at %s delivers the event after its restart', async (at, copies) => {
    const dying = await start({ FAILPOINT: `${at}:kill` });
    const shop = new Shop(world);
    const admin = await shop.as(dying.url, 'admin');
    const made = await admin.post('/api/v1/webhooks/endpoints', {
      url: receiver.url,
      eventTypes: ['payment.completed'],
    });
    const secret = String(made.body.secret);
    const buyer = await shop.buyer(dying.url);
    const bought = await buyer.pay(PROCESS, orderOf(shop.event()));
    expect(bought.status).toBe(200);
    expect((await dying.ended).signal).toBe('SIGKILL');
    expect(receiver.received).toHaveLength(copies - 1);
    // A process that has died holds what it claimed until its leases end.
    await query(world, 'UPDATE webhook_deliveries SET lease_until = now()');
    await query(world, 'UPDATE outbox SET lease_until = now() WHERE lease_until > now()');
    await start();
    const delivered = await eventually(async () => {
      const rows = await query(
        world,
        `SELECT * FROM webhook_deliveries WHERE status = 'delivered'`,
      );
      return rows[0];
    }, 'the delivery');
    expect(delivered).toMatchObject({ total_attempts: 1, lease_until: null });
    expect(await query(world, 'SELECT outcome FROM webhook_delivery_attempts')).toEqual([
      { outcome: 'delivered' },
    ]);
    expect(receiver.received).toHaveLength(copies);
    const ids = receiver.received.map((one) => verified(secret, one).id);
    expect(new Set(ids).size).toBe(1);
  });
});
