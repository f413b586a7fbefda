import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type RunningApp, startApp } from '../support/app.js';
import { type Body, Client, type Reply } from '../support/client.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

export const ENDPOINTS = '/api/v1/webhooks/endpoints';
export const DELIVERIES = '/api/v1/webhooks/deliveries';

type Row = Readonly<Record<string, unknown>>;

/** The application, an administrator of its tenant, and that tenant's own server. */
export interface OutboundWorld {
  readonly running: RunningApp;
  readonly app: NestFastifyApplication;
  readonly admin: Client;
  readonly shop: Shop;
  readonly receiver: WebhookReceiver;
  /** An endpoint at the receiver; answers it with its secret. */
  endpoint(path: string, eventTypes?: readonly string[]): Promise<Body & { secret: string }>;
  change(method: string, path: string, body?: object): Promise<Reply>;
  /** A payment of a new buyer's; answers its id. */
  buy(quantity?: number): Promise<string>;
  /** A test message to an endpoint; answers the delivery's id. */
  test(endpointId: unknown): Promise<string>;
  /** The delivery when it has left `pending`, or has been tried so often. */
  tried(deliveryId: string, times?: number): Promise<Row>;
  rows(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Whatever rests is due now. */
  endPauses(): Promise<unknown>;
  /** No endpoint is left, and nothing on its way to one. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startOutboundWorld(
  settings: Record<string, string> = {},
): Promise<OutboundWorld> {
  const receiver = await startWebhookReceiver();
  const running = await startApp({
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`,
    ...settings,
  });
  const { world, url, app } = running;
  const shop = new Shop(world);
  const admin = await shop.as(url, 'admin');
  const rows: OutboundWorld['rows'] = (text, values) => query(world, text, values);
  return {
    running,
    app,
    admin,
    shop,
    receiver,
    rows,
    endpoint: async (path, eventTypes = ['*']) => {
      const made = await admin.post(ENDPOINTS, { url: `${receiver.url}${path}`, eventTypes });
      if (made.status !== 201) throw new Error(`no endpoint was made: ${made.text}`);
      return made.body as Body & { secret: string };
    },
    change: (method, path, body) => admin.send(method, path, body && JSON.stringify(body), {}),
    buy: async (quantity = 1) => {
      const bought = await (
        await shop.buyer(url)
      ).pay(PROCESS, orderOf(shop.event(), { quantity }));
      if (bought.status !== 200) throw new Error(`a purchase failed: ${bought.text}`);
      return String(bought.body.transaction.id);
    },
    test: async (endpointId) => {
      const sent = await admin.post(`${ENDPOINTS}/${String(endpointId)}/test`, {});
      if (sent.status !== 202) throw new Error(`no test was sent: ${sent.text}`);
      return String(sent.body.id);
    },
    tried: (deliveryId, times = 0) =>
      eventually(async () => {
        const [row] = await rows('SELECT * FROM webhook_deliveries WHERE id = $1', [deliveryId]);
        const often = times > 0 && Number(row?.total_attempts) >= times;
        return row && (row.status !== 'pending' || often) && row;
      }, `delivery ${deliveryId}`),
    endPauses: () =>
      rows(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`),
    reset: async () => {
      await rows('TRUNCATE webhook_endpoints, webhook_deliveries, webhook_delivery_attempts');
      await rows('DELETE FROM open_items');
      receiver.forget();
    },
    close: async () => {
      await running.close();
      await receiver.close();
    },
  };
}
