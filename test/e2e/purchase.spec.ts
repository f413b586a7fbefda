import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';

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
});
