import { newId } from '../../src/kernel/ids.js';
import type { Client } from '../support/client.js';
import { query } from '../support/shop.js';
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.js';

const FEES = '/api/v1/payments/calculate-fees';

let world: PaymentsWorld;
let buyer: Client;
let venueId: string;
let eventId: string;
let floor: { id: string; priceCents: number };

beforeAll(async () => {
  world = await startPaymentsWorld();
  buyer = await world.as(['user']);
  const { cast, description } = world.world;
  const event = description.events.find(({ id }) => id === cast.events.generalAdmission);
  const [type] = event?.ticketTypes ?? [];
  if (!event || !type) throw new Error('the world has an event in Nashville');
  [venueId, eventId, floor] = [event.venueId, event.id, type];
});
afterAll(() => world.close());

const ask = (body: object, client = buyer) => client.post(FEES, body);
const tickets = (over: object = {}) => [
  { ticketTypeId: floor.id, quantity: 2, price: floor.priceCents, ...over },
];

/** Two tickets at $50 in Nashville: 7 % of the state, 2.75 % of the city. */
const NASHVILLE = {
  ticketPrice: 10_000,
  platformFee: 820,
  gasEstimate: 100,
  processingFee: 0,
  stateTax: 700,
  localTax: 275,
  specialTax: 0,
  totalTax: 975,
  allInPrice: 10_920,
  total: 11_895,
  tier: 'starter',
  taxEstimated: false,
};

describe('POST /api/v1/payments/calculate-fees', () => {
  it('by amount and count at a venue: the price, and no quote', async () => {
    const { status, body } = await ask({ venueId, amount: 10_000, ticketCount: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      fees: NASHVILLE,
      total: 11_895,
      allInPrice: 10_920,
      quote: null,
      quoteExpiresAt: null,
    });
  });

  it('by an event’s tickets: the same price, and a quote', async () => {
    const { status, body } = await ask({ venueId, eventId, tickets: tickets() });
    expect(status).toBe(200);
    expect(body).toMatchObject({ fees: NASHVILLE, quote: expect.any(String) as string });
  });

  it('by tickets with the amount and count that they come to', async () => {
    const whole = { venueId, eventId, tickets: tickets(), amount: 10_000, ticketCount: 2 };
    expect((await ask(whole)).status).toBe(200);
    for (const [field, value] of Object.entries({ amount: 9_999, ticketCount: 3 })) {
      const { status, body } = await ask({ ...whole, [field]: value });
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ field }]);
    }
  });

  it('charges gas for each ticket, free ones too', async () => {
    const { body } = await ask({ venueId, amount: 0, ticketCount: 3 });
    expect(body).toMatchObject({
      fees: { ticketPrice: 0, platformFee: 0, gasEstimate: 150, totalTax: 0 },
      total: 150,
    });
  });

  it('moves nothing and stores nothing', async () => {
    const count = async () =>
      (await query(world.world, 'SELECT count(*)::int AS n FROM payment_event_sequence'))[0]?.n;
    const before = await count();
    await ask({ venueId, eventId, tickets: tickets() });
    expect(await count()).toBe(before);
    expect(world.world.stripe.truth().intents).toEqual([]);
  });

  it('leaves seats open, but not wrong', async () => {
    const seated = world.shop.event({ seated: true });
    const line = { ticketTypeId: seated.typeId, quantity: 2, price: seated.priceCents };
    const of = (seatNumbers?: string[]) =>
      ask({
        venueId: seated.venueId,
        eventId: seated.id,
        tickets: [{ ...line, ...(seatNumbers && { seatNumbers }) }],
      });
    expect((await of()).status).toBe(200);
    expect((await of(['A1', 'A2'])).status).toBe(200);
    expect((await of(['A1'])).status).toBe(422);
    expect((await of(['A1', 'A1'])).status).toBe(422);
  });

  it('tells the price that holds when another is named', async () => {
    const { status, body } = await ask({ venueId, eventId, tickets: tickets({ price: 1 }) });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'PRICE_CHANGED',
      ticketTypeId: floor.id,
      price: floor.priceCents,
    });
  });

  it.each([
    ['venueId', { venueId: newId(), amount: 1, ticketCount: 1 }],
    ['eventId', () => ({ venueId, eventId: newId(), tickets: tickets() })],
  ])('does not find an unknown %s', async (_, body) => {
    const { status } = await ask(typeof body === 'function' ? body() : body);
    expect(status).toBe(404);
  });

  it('does not find another tenant’s venue', async () => {
    const elsewhere = { venueId: world.world.cast.venues.elsewhere, amount: 1, ticketCount: 1 };
    expect((await ask(elsewhere)).status).toBe(404);
    const { otherTenantId: tenantId } = world.world.cast;
    const theirs = await world.as(['user'], { tenantId });
    expect((await ask(elsewhere, theirs)).status).toBe(200);
    expect((await ask({ venueId, amount: 1, ticketCount: 1 }, theirs)).status).toBe(404);
  });

  it.each([
    ['amount', () => ({ venueId, ticketCount: 2 })],
    ['ticketCount', () => ({ venueId, amount: 1 })],
    ['amount', () => ({ venueId, amount: -1, ticketCount: 1 })],
    ['amount', () => ({ venueId, amount: 100_000_000, ticketCount: 1 })],
    ['ticketCount', () => ({ venueId, amount: 1, ticketCount: 501 })],
    ['eventId', () => ({ venueId, tickets: tickets() })],
    ['venueId', () => ({ venueId: world.world.cast.venues.newYork, eventId, tickets: tickets() })],
    [
      'tickets.0.ticketTypeId',
      () => ({ venueId, eventId, tickets: tickets({ ticketTypeId: newId() }) }),
    ],
  ])('refuses a wrong %s', async (field, body) => {
    const reply = await ask(body());
    expect([reply.status, reply.body.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(reply.body.errors).toMatchObject([{ field }]);
  });

  it('refuses tickets that come to more than a card is charged', async () => {
    const dear = world.shop.event({ priceCents: 99_999_999 });
    const line = { ticketTypeId: dear.typeId, quantity: 10, price: dear.priceCents };
    const body = { venueId: dear.venueId, eventId: dear.id, tickets: [line, line] };
    expect(await ask(body)).toMatchObject({ status: 422, body: { code: 'VALIDATION_ERROR' } });
    const fifty = { ...body, tickets: Array.from({ length: 50 }, () => line) };
    expect(await ask(fifty)).toMatchObject({ status: 422, body: { code: 'VALIDATION_ERROR' } });
  });
});
