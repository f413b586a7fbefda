import { type RunningApp, startApp } from '../support/app.js';
import { orderOf, PROCESS, Shop } from '../support/shop.js';

jest.setTimeout(120_000);

let running: RunningApp;
let shop: Shop;

beforeAll(async () => {
  running = await startApp();
  shop = new Shop(running.world);
});
afterAll(() => running.close());

const LISTS = '/admin/fraud/lists';

const ADDRESS = {
  line1: '116 5th Ave N',
  line2: 'Apt 4B',
  city: 'Nashville',
  state: 'TN',
  postalCode: '37219',
  country: 'US',
};
/** The same door as somebody else writes it. */
const WRITTEN = {
  ...ADDRESS,
  line1: '116 FIFTH AVENUE NORTH #4-B',
  line2: '',
  city: 'NASHVILLE',
  postalCode: '37219-1234',
};

describe('a billing address on the block list', () => {
  const buy = async (billingAddress?: object) => {
    const buyer = await shop.buyer(running.url);
    const order = orderOf(shop.event(), { rest: billingAddress ? { billingAddress } : {} });
    return buyer.pay(PROCESS, order);
  };

  it('stops whoever buys with it, however they write it, and nobody else', async () => {
    expect((await buy(ADDRESS)).status).toBe(200);
    const admin = await shop.as(running.url, 'admin');
    const entry = {
      kind: 'block',
      subjectType: 'address',
      billingAddress: ADDRESS,
      reason: 'Forty tickets to one door',
    };
    const added = await admin.post(LISTS, entry);
    expect(added.status).toBe(201);
    for (const address of [ADDRESS, WRITTEN]) {
      expect(await buy(address)).toMatchObject({ status: 403, body: { code: 'FRAUD_DETECTED' } });
    }
    expect((await buy({ ...ADDRESS, line2: 'Apt 5B' })).status).toBe(200);
    expect((await buy()).status).toBe(200);
    const path = `${LISTS}/${String(added.body.id)}`;
    expect((await admin.send('DELETE', path, undefined, {})).status).toBe(200);
    expect((await buy(WRITTEN)).status).toBe(200);
  });
});
