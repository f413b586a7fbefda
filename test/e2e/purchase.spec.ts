import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { query } from '../support/shop.js';

let running: RunningApp;
let buyer: Client;

beforeAll(async () => {
  running = await startApp();
  const { cast } = running.world;
  buyer = new Client(
    running.url,
    await running.world.mintToken({
      sub: cast.users.buyer,
      tenantId: cast.tenantId,
      roles: ['user'],
      venues: [],
    }),
  );
});

afterAll(() => running.close());

function order(paymentMethodId = 'pm_card_visa') {
  const event = running.world.description.events[0];
  const type = event?.ticketTypes[0];
  return {
    venueId: event?.venueId,
    eventId: event?.id,
    tickets: [{ ticketTypeId: type?.id, quantity: 2, price: type?.priceCents }],
    paymentMethod: { type: 'card', paymentMethodId },
  };
}

describe('a purchase', () => {
  it('is paid, and replayed byte for byte', async () => {
    const key = randomUUID();
    const first = await buyer.pay('/api/v1/payments/process', order(), key);
    expect(first.status).toBe(200);
    const again = await buyer.pay('/api/v1/payments/process', order(), key);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const proof = await buyer.get(
      `/api/v1/payments/transaction/${String(first.body.transaction.id)}/proof`,
    );
    expect(proof.body.balanced).toBe(true);
  });

  it('keeps what the fraud checks will need, apart from the history', async () => {
    const bought = await buyer.pay('/api/v1/payments/process', {
      ...order(),
      deviceFingerprint: 'fp_2f8a1c9e7b3d4056',
      sessionData: { actions: [{ type: 'click', x: 1, y: 2, t: 3 }], browserFeatures: {} },
    });
    expect(bought.status).toBe(200);
    const id = String(bought.body.transaction.id);
    const rows = await query(
      running.world,
      `SELECT device_fingerprint, host(ip_address) AS ip, session_data, expires_at > now() AS expires
        FROM purchase_signals WHERE payment_id = '${id}'`,
    );
    expect(rows).toEqual([
      {
        device_fingerprint: 'fp_2f8a1c9e7b3d4056',
        ip: '127.0.0.1',
        session_data: expect.objectContaining({ actions: [{ type: 'click', x: 1, y: 2, t: 3 }] }),
        expires: true,
      },
    ]);
    const history = await buyer.get(`/api/v1/payments/transaction/${id}/events`);
    expect(history.text).not.toContain('fp_2f8a1c9e7b3d4056');
  });
});
