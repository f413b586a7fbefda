import { createApplication } from '../../src/application.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { Resealing } from '../../src/kernel/crypto/index.js';
import { newSecrets } from '../../src/sandbox/secrets.js';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { Client } from '../support/client.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { accountWish } from '../support/provider-account-samples.js';
import { eventually, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import {
  startWebhookReceiver,
  verified,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const ENDPOINTS = '/api/v1/webhooks/endpoints';
const ACCOUNTS = '/admin/provider-accounts';
const [oldKey = '', newKeyOfVault = ''] = [newSecrets(), newSecrets()].map(({ vault }) => vault.v1);

let world: TestWorld;
let receiver: WebhookReceiver;
let app: AppProcess | undefined;

beforeAll(async () => {
  world = await startTestWorld();
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await app?.kill();
  await receiver.close();
  await world.close();
});

const settings = (vaultKeys: string) => ({
  VAULT_KEYS: vaultKeys,
  WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`,
});

async function start(vaultKeys: string): Promise<{ running: AppProcess; admin: Client }> {
  const running = await startProcess(world, settings(vaultKeys));
  app = running;
  world.setAppUrl(running.url);
  return { running, admin: await new Shop(world).as(running.url, 'admin') };
}

async function stop(running: AppProcess): Promise<string> {
  await running.terminate();
  app = undefined;
  return running.logs();
}

/** All that lies in the database, as a dump has it. */
async function dump(): Promise<string> {
  const tables = await query(
    world,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await query(world, `SELECT t::text AS row FROM ${String(name)} t`);
    texts.push(...rows.map(({ row }) => String(row)));
  }
  return texts.join('\n');
}

/** A secret in the forms in which it could lie about. */
const forms = (secret: string): string[] => [
  secret,
  secret.replace(/^whsec_/, ''),
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

/** Does the account's event count as the provider's? */
async function accepts(url: string, { account, webhookSecret }: ReturnType<typeof accountWish>) {
  const body = JSON.stringify({
    id: `evt_${newKey()}`,
    object: 'event',
    type: 'charge.updated',
    account,
    livemode: false,
    created: 1_700_000_000,
    data: { object: { id: 'ch_nobody', object: 'charge' } },
  });
  const { status } = await fetch(`${url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(webhookSecret, Math.floor(Date.now() / 1_000), body),
    },
    body,
  });
  return status === 200;
}

/** Does a message to the endpoint carry its signature? */
async function signs(admin: Client, endpoint: { id: string; secret: string }): Promise<boolean> {
  receiver.forget();
  const sent = await admin.post(`${ENDPOINTS}/${endpoint.id}/test`, {});
  expect(sent.status).toBe(202);
  const message = await eventually(() => receiver.received[0], 'the message');
  return verified(endpoint.secret, message).type.length > 0;
}

describe('row 45: secrets at rest', () => {
  it('lie in no dump and no log, and stay good when the vault’s key is replaced', async () => {
    const first = await start(`v1:${oldKey}`);
    // A sample's secret resembles its account's name, which is no secret.
    const wish = { ...accountWish(), webhookSecret: accountWish().webhookSecret };
    const replaced = accountWish().webhookSecret;
    const account = { ...wish, webhookSecret: replaced };
    const registered = await first.admin.post(ACCOUNTS, wish);
    expect(registered.status).toBe(201);
    const rotated = await first.admin.post(
      `${ACCOUNTS}/${String(registered.body.id)}/rotate-secret`,
      { webhookSecret: replaced },
    );
    expect(rotated.status).toBe(200);
    const made = await first.admin.post(ENDPOINTS, {
      url: `${receiver.url}/hooks`,
      eventTypes: ['payment.completed'],
    });
    const endpoint = { id: String(made.body.id), secret: String(made.body.secret) };
    const shop = new Shop(world);
    const bought = await (
      await shop.buyer(first.running.url)
    ).pay(PROCESS, orderOf(shop.event(), { quantity: 1 }));
    expect(bought.status).toBe(200);
    expect(await signs(first.admin, endpoint)).toBe(true);
    expect(await accepts(first.running.url, account)).toBe(true);

    const secrets = [wish.webhookSecret, replaced, endpoint.secret, oldKey];
    const { stripeSecretKey, stripeWebhookSecret, quoteToken, internal } = world.secrets;
    const ours = [stripeSecretKey, stripeWebhookSecret, quoteToken, ...Object.values(internal)];
    const logs = await stop(first.running);
    const stored = await dump();
    expect(stored).toContain(endpoint.id);
    for (const secret of [...secrets, ...ours]) {
      for (const form of forms(secret)) {
        expect([secret, stored.includes(form), logs.includes(form)]).toEqual([
          secret,
          false,
          false,
        ]);
      }
    }
    expect(await keysInUse()).toEqual(['v1']);

    await reseal(`v2:${newKeyOfVault},v1:${oldKey}`);
    expect(await keysInUse()).toEqual(['v2']);
    const last = await start(`v2:${newKeyOfVault}`);
    expect(await signs(last.admin, endpoint)).toBe(true);
    expect(await accepts(last.running.url, account)).toBe(true);
    expect(await accepts(last.running.url, wish)).toBe(true);
    await stop(last.running);
  });
});

async function keysInUse(): Promise<unknown[]> {
  const rows = await query(
    world,
    `SELECT secret_key_id AS id FROM webhook_endpoints
      UNION SELECT previous_key_id FROM webhook_endpoints
      UNION SELECT secret_key_id FROM provider_accounts
      UNION SELECT previous_key_id FROM provider_accounts`,
  );
  return rows.flatMap(({ id }) => (id === null ? [] : [id])).sort();
}

/** What a process does every hour. */
async function reseal(vaultKeys: string): Promise<void> {
  const env = { ...world.env, NODE_ENV: 'test', LOG_LEVEL: 'silent', METRICS_PORT: '0' };
  const application = await createApplication(
    loadConfig({ ...env, PUBLIC_BASE_URL: 'http://127.0.0.1:3005', ...settings(vaultKeys) }),
  );
  await application.init();
  // The account's two secrets, and the endpoint's one.
  expect(await application.get(Resealing).run()).toBe(3);
  await application.close();
}
