import type Stripe from 'stripe';
import { cardPayment, clientOf, Emulators, refusal } from './support/stripe-sandbox.js';

const emulators = new Emulators();
let stripe: Stripe;

beforeEach(async () => {
  ({ stripe } = clientOf(await emulators.start()));
});
afterEach(() => emulators.stopAll());

describe('lists and search', () => {
  test('page newest first, both ways, within a window', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.unshift((await stripe.paymentIntents.create({ amount: 100 + i, currency: 'usd' })).id);
    }
    const list = (params: Stripe.PaymentIntentListParams) => stripe.paymentIntents.list(params);
    const first = await list({ limit: 2 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const rest = await list({ starting_after: ids[1] ?? '' });
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([ids.slice(2), false]);
    const before = await list({ ending_before: ids[3] ?? '', limit: 2 });
    expect(before.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    const all = await list({ limit: 2 }).autoPagingToArray({ limit: 10 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    const now = first.data[0]?.created ?? 0;
    expect((await list({ created: { gt: now } })).data).toEqual([]);
    expect((await list({ created: { lte: now }, limit: 100 })).data).toHaveLength(5);
    expect((await refusal(list({ starting_after: 'pi_x' }))).code).toBe('resource_missing');
    expect((await refusal(list({ limit: 101 }))).code).toBe('parameter_invalid_integer');
  });

  test('by customer', async () => {
    await stripe.paymentIntents.create({ amount: 100, currency: 'usd', customer: 'cus_1' });
    await stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    expect((await stripe.paymentIntents.list({ customer: 'cus_1' })).data).toHaveLength(1);
  });

  test('search understands fields, negation, AND, OR, and pages', async () => {
    for (const seat of ['A1', 'A2', "B'1"]) {
      await stripe.paymentIntents.create(cardPayment({ metadata: { seat } }));
    }
    await stripe.paymentIntents.create({ amount: 900, currency: 'usd', metadata: { seat: 'A1' } });
    const seats = async (query: string) =>
      (await stripe.paymentIntents.search({ query })).data.map(({ metadata }) => metadata['seat']);
    expect(await seats("metadata['seat']:'A1' AND status:'succeeded'")).toEqual(['A1']);
    expect(await seats("metadata['seat']~'A' AND amount>1000")).toEqual(['A2', 'A1']);
    expect(await seats(`metadata["seat"]:"B'1" OR amount<=900`)).toEqual(['A1', "B'1"]);
    expect(await seats('-status:"succeeded"')).toEqual(['A1']);
    expect(await seats("metadata['row']:null AND created>1700000000")).toHaveLength(4);
    const search = stripe.paymentIntents.search({ query: 'currency:"usd"', limit: 3 });
    expect(await search.autoPagingToArray({ limit: 10 })).toHaveLength(4);
    expect(
      (await refusal(stripe.paymentIntents.search({ query: 'colour:"red"' }))).statusCode,
    ).toBe(400);
    expect((await refusal(stripe.paymentIntents.search({ query: 'status=' }))).param).toBe('query');
  });

  test('search does not find a new intent before its lag is over', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const lagging = await emulators.start({ clock: () => new Date(now), searchLagMs: 5000 });
    const { paymentIntents } = clientOf(lagging).stripe;
    await paymentIntents.create(cardPayment());
    const query = "metadata['payment_id']:'pay-1'";
    expect((await paymentIntents.search({ query })).data).toEqual([]);
    expect((await paymentIntents.list()).data).toHaveLength(1);
    now += 5000;
    expect((await paymentIntents.search({ query })).data).toHaveLength(1);
  });
});
