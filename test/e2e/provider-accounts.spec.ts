import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { StripeAccounts } from '../../src/payments/infra/stripe/accounts.js';
import { StripeWebhooks } from '../../src/payments/infra/stripe/stripe-webhooks.js';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { accountWish } from '../support/provider-account-samples.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

const ACCOUNTS = '/admin/provider-accounts';
const now = () => Math.floor(Date.now() / 1_000);

let running: RunningApp;
let stripe: Stripe;
let shop: Shop;
let admin: Client;
let others: Client;

beforeAll(async () => {
  running = await startApp();
  const { world, url } = running;
  stripe = new Stripe(world.secrets.stripeSecretKey, {
    host: '127.0.0.1',
    port: world.stripe.port,
    protocol: 'http',
  });
  world.stripe.clearWebhook();
  shop = new Shop(world);
  admin = await shop.as(url, 'admin');
  others = await operatorOf(world.cast.otherTenantId);
});
afterAll(() => running.close());

async function operatorOf(tenantId: string): Promise<Client> {
  const claims = { sub: randomUUID(), tenantId, roles: ['platform_admin'] as const };
  return new Client(running.url, await running.world.mintToken(claims));
}

interface Registered {
  readonly id: string;
  readonly account: string;
  readonly secret: string;
}

async function register(by: Client, over: object = {}): Promise<Registered> {
  const wish = { ...accountWish(), ...over };
  const { status, body } = await by.post(ACCOUNTS, wish);
  expect(status).toBe(201);
  return { id: String(body.id), account: wish.account, secret: wish.webhookSecret };
}

/** A payment of the main tenant that only an event can tell of, and the event that does. */
async function untold(): Promise<{ paymentId: string; event: Stripe.Event }> {
  const { world, url } = running;
  world.stripe.setFaults({
    rules: [
      { fault: 'failBefore', times: 1, match: { method: 'POST', path: '/v1/payment_intents$' } },
    ],
  });
  const reply = await (await shop.buyer(url)).pay(PROCESS, orderOf(shop.event()));
  expect(reply.status).toBe(202);
  const paymentId = String(reply.body.transaction.id);
  const [operation] = await query(
    world,
    `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'
      WHERE payment_id = $1 RETURNING id, amount, tenant_id`,
    [paymentId],
  );
  const intent = await stripe.paymentIntents.create({
    amount: Number(operation?.amount),
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: {
      operation_id: String(operation?.id),
      payment_id: paymentId,
      tenant_id: String(operation?.tenant_id),
    },
  });
  const { data } = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 10 });
  const event = data.find(({ data: { object } }) => (object as { id: string }).id === intent.id);
  if (!event) throw new Error('nothing has succeeded');
  return { paymentId, event };
}

async function deliver(event: object, secret: string, at = now()): Promise<number> {
  const body = JSON.stringify(event);
  const { status } = await fetch(`${running.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(secret, at, body),
    },
    body,
  });
  return status;
}

const copyOf = (event: Stripe.Event, over: object = {}) => ({
  ...event,
  id: `evt_${randomUUID()}`,
  ...over,
});

const inboxOf = async ({ id }: { id: string }) =>
  (
    await query(
      running.world,
      `SELECT tenant_id, status, account, error_message FROM webhook_inbox WHERE webhook_id = $1`,
      [id],
    )
  )[0];

const comesTo = (event: { id: string }, status: string) =>
  eventually(async () => {
    const row = await inboxOf(event);
    return row?.status === status && row;
  }, `the event to be ${status}`);

const statusOf = async (id: string) =>
  (await query(running.world, 'SELECT status FROM payment_transactions WHERE id = $1', [id]))[0]
    ?.status;

describe('row 17: an event signed with the secret of another endpoint', () => {
  it.each<[string, () => Promise<[string, number?]>]>([
    ['that nobody has registered', () => Promise.resolve([accountWish().webhookSecret])],
    [
      'of an account that was removed',
      async () => {
        const { id, secret } = await register(admin);
        expect((await admin.send('DELETE', `${ACCOUNTS}/${id}`, undefined, {})).status).toBe(200);
        return [secret];
      },
    ],
    [
      'that was replaced more than a day ago',
      async () => {
        const { id, secret } = await register(admin);
        const { webhookSecret } = accountWish();
        await admin.post(`${ACCOUNTS}/${id}/rotate-secret`, { webhookSecret });
        await query(
          running.world,
          `UPDATE provider_accounts SET previous_until = now() WHERE id = $1`,
          [id],
        );
        running.app.get(StripeAccounts).forget();
        return [secret];
      },
    ],
    ['of an account, 301 seconds ago', async () => [(await register(admin)).secret, now() - 301]],
    [
      'of an account whose key the vault has lost',
      async () => {
        const { id, secret } = await register(admin);
        await query(
          running.world,
          `UPDATE provider_accounts SET secret_key_id = 'lost' WHERE id = $1`,
          [id],
        );
        running.app.get(StripeAccounts).forget();
        return [secret];
      },
    ],
  ])('%s is 400 and leaves no row', async (_, signed) => {
    const { event } = await untold();
    const copy = copyOf(event);
    const [secret, at] = await signed();
    expect(await deliver(copy, secret, at)).toBe(400);
    expect(await inboxOf(copy)).toBeUndefined();
  });
});

describe('an event that an account’s secret proves', () => {
  it('is acted on, by the new secret as by the one of until now', async () => {
    const { tenantId } = running.world.cast;
    const { id, secret, account } = await register(admin);
    const { webhookSecret } = accountWish();
    const { status, body } = await admin.post(`${ACCOUNTS}/${id}/rotate-secret`, { webhookSecret });
    expect([status, Date.parse(String(body.previousSecretUntil)) > Date.now()]).toEqual([
      200,
      true,
    ]);
    for (const each of [secret, webhookSecret]) {
      const { paymentId, event } = await untold();
      expect(await deliver(event, each)).toBe(200);
      expect(await comesTo(event, 'processed')).toMatchObject({ tenant_id: tenantId, account });
      expect(await statusOf(paymentId)).toBe('PAID');
    }
  });

  it('of the platform’s account may be about any tenant’s payment', async () => {
    const platform = await operatorOf(running.world.cast.platformTenantId);
    const { secret, account } = await register(platform);
    const { paymentId, event } = await untold();
    expect(await deliver({ ...event, account }, secret)).toBe(200);
    await comesTo(event, 'processed');
    expect(await statusOf(paymentId)).toBe('PAID');
  });

  it('is kept beside one of the same id of another account', async () => {
    const [mine, theirs] = [await register(admin), await register(others)];
    const { paymentId, event } = await untold();
    expect(await deliver(event, theirs.secret)).toBe(200);
    await comesTo(event, 'quarantined');
    expect(await deliver(event, mine.secret)).toBe(200);
    await eventually(async () => (await statusOf(paymentId)) === 'PAID', 'the payment');
  });
});

describe('row 18: an event that an account’s secret proves', () => {
  it.each<[string, () => Client, object, string]>([
    [
      'about another tenant’s payment',
      () => others,
      {},
      'the event is about another tenant’s payment',
    ],
    [
      'about another account',
      () => admin,
      { account: 'acct_other' },
      'the event is about another account',
    ],
    [
      'about real money, where the account is a test’s',
      () => admin,
      { livemode: true },
      'the event is about real money, our key is not',
    ],
  ])('%s is set aside for a person', async (_, by, over, cause) => {
    const { secret } = await register(by());
    const { paymentId, event } = await untold();
    const copy = copyOf(event, over);
    expect(await deliver(copy, secret)).toBe(200);
    expect(await comesTo(copy, 'quarantined')).toMatchObject({ error_message: cause });
    expect(await statusOf(paymentId)).toBe('UNKNOWN');
    const { body } = await by().get('/admin/open-items?kind=webhook_quarantined');
    expect(body.items).toContainEqual(expect.objectContaining({ cause }));
  });

  it('that is removed before anybody has acted on it is set aside', async () => {
    const { id, account } = await register(admin);
    const { event } = await untold();
    const heard = {
      provider: 'stripe',
      tenantId: running.world.cast.tenantId as Uuid,
      inboxId: newId(),
      eventId: event.id,
      eventType: event.type,
      account,
      livemode: false,
      payload: { intentId: (event.data.object as { id: string }).id },
      receivedAt: new Date(),
      attempts: 0,
    };
    await admin.send('DELETE', `${ACCOUNTS}/${id}`, undefined, {});
    const verdict = await running.app.get(StripeWebhooks).handle(heard);
    expect(verdict).toEqual({ quarantine: 'the event is about another account' });
  });
});
