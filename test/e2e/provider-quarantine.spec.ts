import Stripe from 'stripe';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(60_000);

let running: RunningApp;
let stripe: Stripe;
let paymentId: string;

/** A payment of which nobody knows how it went: only an event, or nothing, tells. */
beforeEach(async () => {
  running = await startApp();
  const { world, url } = running;
  stripe = new Stripe(world.secrets.stripeSecretKey, {
    host: '127.0.0.1',
    port: world.stripe.port,
    protocol: 'http',
  });
  world.stripe.clearWebhook();
  world.stripe.setFaults({ rules: [{ fault: 'failBefore', match: { method: 'POST' }, times: 1 }] });
  const shop = new Shop(world);
  const reply = await (await shop.buyer(url)).pay(PROCESS, orderOf(shop.event()));
  expect(reply.status).toBe(202);
  paymentId = String(reply.body.transaction.id);
  await query(world, `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'`);
});
afterEach(() => running.close());

/** Charges the payment at the provider, for so many cents more than was agreed. */
async function chargeElsewhere(more = 0, currency = 'usd'): Promise<Stripe.Event> {
  const [operation] = await query(running.world, 'SELECT id, amount FROM payment_intents');
  const { tenantId } = running.world.cast;
  await stripe.paymentIntents.create({
    amount: Number(operation?.amount) + more,
    currency,
    confirm: true,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: {
      operation_id: String(operation?.id),
      payment_id: paymentId,
      tenant_id: tenantId,
    },
  });
  const { data } = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 });
  if (!data[0]) throw new Error('nothing has succeeded');
  return data[0];
}

async function deliver(event: object): Promise<void> {
  const body = JSON.stringify(event);
  const secret = running.world.secrets.stripeWebhookSecret;
  const { status } = await fetch(`${running.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(secret, Math.floor(Date.now() / 1_000), body),
    },
    body,
  });
  expect(status).toBe(200);
}

const inboxStatus = async () =>
  (await query(running.world, 'SELECT status FROM webhook_inbox'))[0]?.status;
const paymentStatus = async () =>
  (await query(running.world, 'SELECT status FROM payment_transactions'))[0]?.status;

async function expectQuarantine(cause: string): Promise<void> {
  await eventually(async () => (await inboxStatus()) === 'quarantined', 'the quarantine');
  expect(await paymentStatus()).toBe('UNKNOWN');
  expect(await query(running.world, 'SELECT FROM ledger_journals')).toEqual([]);
  const items = await query(
    running.world,
    `SELECT kind, cause, status FROM open_items WHERE kind LIKE 'webhook%'`,
  );
  expect(items).toEqual([{ kind: 'webhook_quarantined', cause, status: 'open' }]);
}

describe('row 18: an event that is truly signed', () => {
  it.each([
    ['another account', { account: 'acct_other' }, 'the event is about another account'],
    ['real money', { livemode: true }, 'the event is about real money, our key is not'],
  ])('but about %s is set aside for a person', async (_, over, cause) => {
    const genuine = await chargeElsewhere();
    await deliver({ ...genuine, id: 'evt_foreign', ...over });
    await expectQuarantine(cause);
    // The very same event of our own account is acted on.
    await deliver(genuine);
    await eventually(async () => (await paymentStatus()) === 'PAID', 'the event');
  });

  it.each([
    ['a cent more', 1, 'usd'],
    ['a cent less', -1, 'usd'],
    ['another currency', 0, 'eur'],
  ])('but tells of money in %s is set aside for a person', async (_, more, currency) => {
    await deliver(await chargeElsewhere(more, currency));
    await expectQuarantine('the provider holds another amount');
  });
});
