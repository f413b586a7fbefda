import { Clock } from '../../src/kernel/clock.js';
import type { Client } from '../support/client.js';
import { type OneTypeEvent, orderOf, type OrderWish, PROCESS } from '../support/shop.js';
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.js';

const MINUTE = 60_000;

let world: PaymentsWorld;
let event: OneTypeEvent;
let buyer: Client;
let clock: Clock;

beforeAll(async () => {
  world = await startPaymentsWorld();
  buyer = await world.as(['user']);
  clock = world.app.get(Clock, { strict: false });
});
afterAll(() => world.close());
beforeEach(() => {
  event = world.shop.event();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** From now on it is so much later for the application. */
function later(milliseconds: number): void {
  jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + milliseconds));
}

interface Quoted {
  readonly quote: string;
  readonly quoteExpiresAt: string;
  readonly total: number;
}

async function quoted(wish: OrderWish = {}, of = event, client = buyer): Promise<Quoted> {
  const { venueId, eventId, tickets } = orderOf(of, wish);
  const { status, body } = await client.post('/api/v1/payments/calculate-fees', {
    venueId,
    eventId,
    tickets,
  });
  expect(status).toBe(200);
  return body as unknown as Quoted;
}

const purchase = (quote: string, wish: OrderWish = {}, of = event, client = buyer) =>
  client.pay(PROCESS, orderOf(of, { ...wish, rest: { quote } }));
const charges = () => world.world.stripe.truth().charges.length;

describe('a quote', () => {
  it('buys what it was given for, at the price it named', async () => {
    const { quote, total } = await quoted({ quantity: 2 });
    const { status, body } = await purchase(quote, { quantity: 2 });
    expect(status).toBe(200);
    expect(body.transaction.amountCharged).toBe(total);
  });

  it('holds for ten minutes, not longer', async () => {
    const before = Date.now();
    const { quote, quoteExpiresAt } = await quoted();
    const lifetime = Date.parse(quoteExpiresAt) - before;
    expect(lifetime).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(lifetime).toBeLessThan(11 * MINUTE);
    later(9 * MINUTE);
    expect((await purchase(quote)).status).toBe(200);
    later(11 * MINUTE);
    const charged = charges();
    expect(await purchase(quote)).toMatchObject({ status: 409, body: { code: 'QUOTE_EXPIRED' } });
    expect(charges()).toBe(charged);
  });

  it('is for its tickets, its event and its buyer', async () => {
    const { quote } = await quoted({ quantity: 2 });
    const [other, somebody] = [world.shop.event(), await world.as(['user'])];
    const charged = charges();
    for (const reply of [
      await purchase(quote, { quantity: 1 }),
      await purchase(quote, { quantity: 2 }, other),
      await purchase(quote, { quantity: 2 }, event, somebody),
    ]) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'QUOTE_MISMATCH' } });
    }
    expect(charges()).toBe(charged);
  });

  it('may leave the seats to be chosen at the purchase', async () => {
    const seated = world.shop.event({ seated: true });
    const { quote } = await quoted({ quantity: 2 }, seated);
    expect((await purchase(quote, { seats: ['A1', 'A2'] }, seated)).status).toBe(200);
  });

  it.each([
    ['forged', () => 'eyJlIjo5OTk5OTk5OTk5OTk5fQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['not one at all', () => 'x'],
    ['of another text', (quote: string) => `A${quote.slice(1)}`],
    ['with its end cut off', (quote: string) => quote.slice(0, -1)],
  ])('that is %s is refused', async (_, spoil) => {
    const { quote } = await quoted();
    expect(await purchase(spoil(quote))).toMatchObject({
      status: 409,
      body: { code: 'QUOTE_MISMATCH' },
    });
  });

  it('does not hold against new settings: the buyer is told the new total', async () => {
    const { quote, total } = await quoted();
    const owner = await world.as(['venue_owner'], { venues: [event.venueId] });
    const changed = await owner.send(
      'PUT',
      `/api/v1/venues/${event.venueId}/settings`,
      JSON.stringify({ settings: { gasFeePayer: 'venue' } }),
      {},
    );
    expect(changed.status).toBeLessThan(300);
    expect(await purchase(quote)).toMatchObject({
      status: 409,
      body: { code: 'QUOTE_MISMATCH', expectedAmount: total - 50 },
    });
    const fresh = await quoted();
    expect((await purchase(fresh.quote)).status).toBe(200);
  });

  it('does not hide that a ticket’s price has changed', async () => {
    const { quote } = await quoted();
    const dearer = { ...event, priceCents: event.priceCents + 1 };
    expect(await purchase(quote, {}, dearer)).toMatchObject({ body: { code: 'QUOTE_MISMATCH' } });
  });
});
