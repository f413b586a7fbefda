import { newId } from '../../src/kernel/ids.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { adminPath, join, put, RoomDesk, statusOf, TERMS } from '../support/waiting-room-desk.js';

jest.setTimeout(60_000);

let running: RunningApp;
let shop: Shop;
let admin: Client;
let desk: RoomDesk;
let event: OneTypeEvent;

beforeAll(async () => {
  // Passes of admission are made by hand.
  running = await startApp({ ROLE: 'api' });
  shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
  desk = new RoomDesk(running, shop, admin);
});
afterAll(() => running.close());

/** A room with one slot, open. */
beforeEach(async () => {
  event = shop.event({ highDemand: true });
  expect((await put(admin, adminPath(event.id), { ...TERMS, capacity: 1 })).status).toBe(200);
  expect((await admin.post(adminPath(event.id, '/open'), {})).status).toBe(200);
});

/** Takes the one slot; answers the access token. */
async function enter(buyer: Client): Promise<string> {
  await join(buyer, event.id);
  expect(await desk.admit(event.id)).toBe(1);
  return String((await statusOf(buyer, event.id)).body.accessToken);
}

const buy = (buyer: Client, token: string, wish: Parameters<typeof orderOf>[1] = {}) =>
  buyer.post(PROCESS, orderOf(event, wish), {
    'idempotency-key': newKey(),
    'x-access-token': token,
  });

const MANUAL = { rest: { captureMethod: 'manual' } };
const idOf = ({ body }: Reply) => String(body.transaction.id);
const operate = (id: string, what: string) =>
  admin.pay(`/api/v1/payments/transaction/${id}/${what}`, {});
const accessOf = async (id: string) =>
  (
    await query(running.world, 'SELECT status FROM waiting_room_access WHERE payment_id = $1', [id])
  )[0]?.status;

/** The room has a slot again: whoever comes next is let in at once. */
const nextIsLetIn = async () => {
  await join(await shop.buyer(running.url), event.id);
  expect(await desk.admit(event.id)).toBe(1);
};

describe('a purchase whose money is only held', () => {
  it('with manual capture gives its slot to the next, and keeps what it had at the capture', async () => {
    const buyer = await shop.buyer(running.url);
    const held = await buy(buyer, await enter(buyer), MANUAL);
    expect([held.status, held.body.transaction.status]).toEqual([200, 'authorized']);
    expect(await accessOf(idOf(held))).toBe('consumed');
    await nextIsLetIn();
    expect((await operate(idOf(held), 'capture')).status).toBe(200);
    expect(await accessOf(idOf(held))).toBe('consumed');
    expect(await checkInvariants(running.world)).toEqual([]);
  });

  it('because a person has to look gives its slot to the next as well', async () => {
    const userId = newId();
    const known = { userId, confidence: 0.6, reason: 'sold forty tickets last year' };
    expect((await admin.post('/admin/fraud/known-scalpers', known)).status).toBe(201);
    const buyer = await shop.buyer(running.url, userId);
    const held = await buy(buyer, await enter(buyer));
    expect([held.status, held.body.transaction.status]).toEqual([202, 'in_review']);
    expect(await accessOf(idOf(held))).toBe('consumed');
    await nextIsLetIn();
    const approved = await admin.pay(`/admin/fraud/reviews/${idOf(held)}/approve`, {});
    expect([approved.status, approved.body.transaction.status]).toEqual([200, 'completed']);
    expect(await checkInvariants(running.world)).toEqual([]);
  });

  it('and called off afterwards has had its turn', async () => {
    const buyer = await shop.buyer(running.url);
    const token = await enter(buyer);
    const held = await buy(buyer, token, MANUAL);
    expect((await operate(idOf(held), 'cancel')).status).toBe(200);
    const again = await buy(buyer, token);
    expect([again.status, again.body.code]).toEqual([403, 'INVALID_ACCESS_TOKEN']);
    expect(await checkInvariants(running.world)).toEqual([]);
  });
});
