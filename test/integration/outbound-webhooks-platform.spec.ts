import { createApplication } from '../../src/application.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import type { ReceivedWebhook } from '../../src/sandbox/platform/received-webhooks.js';
import { webhookSecret } from '../../src/sandbox/secrets.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

let world: TestWorld;
let app: AppProcess;

const secrets = () => ({
  TICKET_SERVICE_WEBHOOK_SECRET: webhookSecret(world.secrets, 'ticket-service'),
  ORDER_SERVICE_WEBHOOK_SECRET: webhookSecret(world.secrets, 'order-service'),
});

beforeAll(async () => {
  world = await startTestWorld();
  app = await startProcess(world, secrets());
});
afterAll(async () => {
  await app.kill();
  await world.close();
});

const told = (all: readonly ReceivedWebhook[], paymentId: string) =>
  all.filter(({ data }) => data.paymentId === paymentId).map(({ type }) => type);

describe('the platform’s own services', () => {
  it('are told what concerns them, signed, at the path of the ticket service’s webhook', async () => {
    const shop = new Shop(world);
    const buyer = await shop.buyer(app.url);
    const bought = await buyer.pay(PROCESS, orderOf(shop.event()));
    const paymentId = String(bought.body.transaction.id);
    const admin = await shop.as(app.url, 'admin');
    await admin.pay(`/api/v1/payments/transaction/${paymentId}/refund`, {});
    await eventually(() => told(world.orders.webhooks.all(), paymentId).length === 2, 'both');
    expect(told(world.orders.webhooks.all(), paymentId).sort()).toEqual([
      'payment.completed',
      'refund.completed',
    ]);
    await eventually(() => told(world.tickets.webhooks.all(), paymentId).length === 1);
    expect(told(world.tickets.webhooks.all(), paymentId)).toEqual(['payment.completed']);
    const shown = await fetch(`${world.tickets.baseUrl}/__emulator/webhooks`);
    expect(await shown.json()).toEqual({ webhooks: world.tickets.webhooks.all() });
    // What has arrived is noted a moment later.
    const noted = async () => {
      const { body } = await admin.get('/api/v1/webhooks/deliveries?status=delivered');
      return (body.deliveries as unknown[]).length === 3;
    };
    await eventually(noted, 'the log');
  });

  it('are told again until they listen', async () => {
    const shop = new Shop(world);
    const buyer = await shop.buyer(app.url);
    const order = orderOf(shop.event());
    world.orders.setOutage('down');
    const bought = await buyer.pay(PROCESS, order);
    const paymentId = String(bought.body.transaction.id);
    const row = async (status: string) => {
      const [found] = await query(
        world,
        `SELECT * FROM webhook_deliveries WHERE body LIKE '%' || $1 || '%'
          AND total_attempts > 0 AND status = $2`,
        [paymentId, status],
      );
      return found;
    };
    expect((await eventually(() => row('pending'))).last_error).toContain('connection failed');
    world.orders.setOutage('none');
    await query(world, `UPDATE webhook_deliveries SET next_attempt_at = now()`);
    await eventually(() => told(world.orders.webhooks.all(), paymentId).length === 1);
  });

  it('hear nothing that is not signed with their secret', async () => {
    const { orders } = world;
    const answer = await fetch(`${orders.baseUrl}/api/v1/webhooks/payments`, {
      method: 'POST',
      body: '{}',
      headers: { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
    });
    expect(answer.status).toBe(401);
  });

  it('hear nothing without a secret, and then nothing is kept for them', async () => {
    const other = await startTestWorld();
    const silent = await startProcess(other);
    try {
      const shop = new Shop(other);
      const bought = await (await shop.buyer(silent.url)).pay(PROCESS, orderOf(shop.event()));
      expect(bought.status).toBe(200);
      await eventually(async () => {
        const rows = await query(other, 'SELECT 1 FROM outbox WHERE processed_at IS NULL');
        return rows.length === 0;
      });
      expect(await query(other, 'SELECT 1 FROM webhook_deliveries')).toEqual([]);
      expect(other.tickets.webhooks.all()).toEqual([]);
    } finally {
      await silent.kill();
      await other.close();
    }
  });

  it('cannot be promised an event that nobody publishes: the start fails', async () => {
    const config = loadConfig({
      ...world.env,
      ...secrets(),
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      METRICS_PORT: '0',
      TICKET_SERVICE_WEBHOOK_EVENTS: 'payment.exploded',
    });
    const app = await createApplication(config);
    await expect(app.init()).rejects.toThrow('no event is called payment.exploded');
  });
});
