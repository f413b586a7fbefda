import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(120_000);

let running: RunningApp;
let shop: Shop;

beforeAll(async () => {
  running = await startApp({ PLATFORM_TIMEOUT_MS: '20000', STRIPE_TIMEOUT_MS: '60000' });
  shop = new Shop(running.world);
});
afterAll(() => running.close());
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

/** How many requests are under way at once: more would only wait in this process. */
const AT_ONCE = 100;

/** Everybody buys as fast as they get through. */
async function rush(
  buyers: readonly Client[],
  body: (index: number) => Record<string, unknown>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  const waiting = [...buyers.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, buyer] = next;
      replies[index] = await buyer.pay(PROCESS, body(index));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return replies;
}

/** How often each status and code was answered. */
function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of replies) {
    const name = status === 200 ? '200' : `${status} ${String(body.code)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function ticketsOf({ id }: OneTypeEvent): Promise<Record<string, unknown>[]> {
  return query(
    running.world,
    `SELECT status, count(*)::int AS tickets FROM tickets WHERE event_id = $1 GROUP BY status`,
    [id],
  );
}

describe('100 tickets and 500 buyers', () => {
  it('one ticket each: exactly 100 are sold', async () => {
    const event = shop.event({ capacity: 100 });
    const replies = await rush(await shop.buyers(running.url, 500), () => orderOf(event));
    expect(tally(replies)).toEqual({ 200: 100, '409 SOLD_OUT': 400 });
    expect(await ticketsOf(event)).toEqual([{ status: 'sold', tickets: 100 }]);
  });

  it('three each: 33 buyers have them, however the capacity is spread', async () => {
    const event = shop.event({ capacity: 100 });
    const buyers = await shop.buyers(running.url, 150);
    const replies = await rush(buyers, () => orderOf(event, { quantity: 3 }));
    expect(tally(replies)).toEqual({ 200: 33, '409 SOLD_OUT': 117 });
    const [last, none] = await shop.buyers(running.url, 2);
    expect((await last?.pay(PROCESS, orderOf(event)))?.status).toBe(200);
    expect((await none?.pay(PROCESS, orderOf(event)))?.status).toBe(409);
  });

  it('one to four each: all 100 are sold', async () => {
    const event = shop.event({ capacity: 100 });
    const quantity = (index: number) => (index % 4) + 1;
    const buyers = await shop.buyers(running.url, 500);
    const replies = await rush(buyers, (index) => orderOf(event, { quantity: quantity(index) }));
    expect(Object.keys(tally(replies)).sort()).toEqual(['200', '409 SOLD_OUT']);
    const sold = replies.flatMap(({ status }, index) => (status === 200 ? [quantity(index)] : []));
    expect(sold.reduce((sum, tickets) => sum + tickets, 0)).toBe(100);
    expect(await ticketsOf(event)).toEqual([{ status: 'sold', tickets: 100 }]);
  });

  it('half the cards are declined: their tickets go to somebody else', async () => {
    const event = shop.event({ capacity: 30 });
    const buyers = await shop.buyers(running.url, 60);
    const card = (index: number) => (index % 2 ? 'pm_card_chargeDeclined' : 'pm_card_visa');
    await rush(buyers, (index) => orderOf(event, { card: card(index) }));
    const before = await ticketsOf(event);
    const sold = Number(before.find(({ status }) => status === 'sold')?.tickets ?? 0);
    // Whoever comes when the storm is over finds exactly what it left.
    const late = await rush(await shop.buyers(running.url, 40), () => orderOf(event));
    const expected = { 200: 30 - sold, '409 SOLD_OUT': 10 + sold };
    expect(tally(late)).toEqual(
      Object.fromEntries(Object.entries(expected).filter(([, count]) => count > 0)),
    );
  });
});

it('a whole event smaller than its ticket types together is never oversold', async () => {
  const venue = running.world.tickets.createVenue();
  const types = ['Floor', 'Balcony'].map((name) => ({ name, priceCents: 2_000, capacity: 20 }));
  const made = running.world.tickets.createEvent({
    venueId: venue.id,
    capacity: 25,
    ticketTypes: types,
  });
  const event = (index: number): OneTypeEvent => ({
    id: made.id,
    venueId: venue.id,
    typeId: made.ticketTypes[index % 2]?.id ?? '',
    priceCents: 2_000,
  });
  const replies = await rush(await shop.buyers(running.url, 60), (index) => orderOf(event(index)));
  expect(tally(replies)).toEqual({ 200: 25, '409 SOLD_OUT': 35 });
});

it('50 buyers for one seat: one has it', async () => {
  const event = shop.event({ seated: true });
  const buyers = await shop.buyers(running.url, 50);
  const replies = await rush(buyers, () => orderOf(event, { seats: ['H7'] }));
  expect(tally(replies)).toEqual({ 200: 1, '409 SEAT_TAKEN': 49 });
});

it('overlapping groups of seats: no seat is sold twice, nobody waits for ever', async () => {
  const event = shop.event({ seated: true });
  const row = Array.from({ length: 12 }, (_, index) => `R${index}`);
  const buyers = await shop.buyers(running.url, 40);
  const replies = await rush(buyers, (index) => {
    const seats = [0, 1, 2].map((step) => row[(index * 5 + step) % row.length] ?? '');
    return orderOf(event, { seats: index % 2 ? seats : seats.reverse() });
  });
  expect(Object.keys(tally(replies)).sort()).toEqual(['200', '409 SEAT_TAKEN']);
});

describe('an order', () => {
  it('has one living payment, however many try at once', async () => {
    const event = shop.event();
    const orderId = newKey();
    const buyers = await shop.buyers(running.url, 10);
    const replies = await rush(buyers, () => orderOf(event, { rest: { orderId } }));
    expect(tally(replies)).toEqual({ 200: 1, '409 ORDER_ALREADY_PAID': 9 });
  });

  it('can be paid again after its payment has failed', async () => {
    const event = shop.event();
    const buyer = await shop.buyer(running.url);
    const rest = { orderId: newKey() };
    const declined = orderOf(event, { rest, card: 'pm_card_chargeDeclined' });
    expect((await buyer.pay(PROCESS, declined)).status).toBe(402);
    expect((await buyer.pay(PROCESS, orderOf(event, { rest }))).status).toBe(200);
    const third = await buyer.pay(PROCESS, orderOf(event, { rest }));
    expect([third.status, third.body.code]).toEqual([409, 'ORDER_ALREADY_PAID']);
  });
});
