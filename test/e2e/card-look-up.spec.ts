import { registry } from '../../src/kernel/observability/metrics.js';
import { type CardFound, PaymentProvider } from '../../src/payments/infra/payment-provider.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

let running: RunningApp;
let provider: PaymentProvider;
let event: OneTypeEvent;
let buyer: Client;

beforeAll(async () => {
  running = await startApp();
  provider = running.app.get(PaymentProvider);
});
afterAll(() => running.close());
beforeEach(async () => {
  const shop = new Shop(running.world);
  event = shop.event();
  buyer = await shop.buyer(running.url);
});
afterEach(() => jest.restoreAllMocks());

const buy = (key = newKey(), card?: string) =>
  buyer.pay(PROCESS, orderOf(event, card === undefined ? {} : { card }), key);

const told = (found: CardFound) =>
  jest.spyOn(provider, 'methodFingerprint').mockResolvedValueOnce(found);

/** What a purchase of the event has left anywhere. */
async function traces(key: string): Promise<unknown> {
  const [left] = await query(
    running.world,
    `SELECT (SELECT count(*)::int FROM payment_transactions WHERE event_id = $1) AS payments,
      (SELECT count(*)::int FROM tickets WHERE event_id = $1) AS tickets,
      (SELECT count(*)::int FROM purchase_limit_reservations WHERE event_id = $1) AS counted,
      (SELECT count(*)::int FROM payment_idempotency WHERE idempotency_key = $2) AS keys`,
    [event.id, key],
  );
  return left;
}

describe('before a purchase begins, its card is looked up at the provider', () => {
  it('which goes away meanwhile: 503, and nothing is left of it', async () => {
    const key = newKey();
    jest.spyOn(provider, 'available').mockReturnValueOnce(true).mockReturnValueOnce(false);
    const away = await buy(key);
    expect([away.status, away.body.code]).toEqual([503, 'PROVIDER_UNAVAILABLE']);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await traces(key)).toEqual({ payments: 0, tickets: 0, counted: 0, keys: 0 });
    expect((await buy(key)).status).toBe(200);
  });

  it('which we have no room to ask: 503, and no limit is passed over', async () => {
    const key = newKey();
    told({ kind: 'not_asked' });
    const away = await buy(key);
    expect([away.status, away.body.code]).toEqual([503, 'PROVIDER_UNAVAILABLE']);
    expect(await traces(key)).toEqual({ payments: 0, tickets: 0, counted: 0, keys: 0 });
  });

  it('which does not tell in time: it goes on, and says what was not counted', async () => {
    told({ kind: 'unknown', reason: 'GivenUp' });
    const { status, body } = await buy();
    expect(status).toBe(200);
    expect(body.transaction.skippedLimits).toEqual(['payment_method', 'address']);
    expect(await checkInvariants(running.world)).toEqual([]);
  });

  it('and how long that takes is measured, once a method', async () => {
    const looked = async () => {
      const metric = await registry.getSingleMetric('provider_call_duration_seconds')?.get();
      const counts = metric?.values.filter(
        ({ labels }) => labels.operation === 'fingerprint' && labels.le === '+Inf',
      );
      return (counts ?? []).reduce((sum, { value }) => sum + value, 0);
    };
    const before = await looked();
    for (let i = 0; i < 2; i++) {
      expect((await buy(newKey(), 'pm_card_visa_no_4711')).status).toBe(200);
    }
    expect(await looked()).toBe(before + 1);
  });
});
