import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/auth/principal.js';
import { Vault } from '../../src/kernel/crypto/index.js';
import { StripeAccounts } from '../../src/payments/infra/stripe/accounts.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { accountWish } from '../support/provider-account-samples.js';
import { query, Shop } from '../support/shop.js';

const ACCOUNTS = '/admin/provider-accounts';

let running: RunningApp;
let admin: Client;
let others: Client;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  const { world, url } = running;
  admin = await new Shop(world).as(url, 'admin');
  others = await as('platform_admin', world.cast.otherTenantId);
});
afterAll(() => running.close());

async function as(role: Role, tenantId: string): Promise<Client> {
  const token = await running.world.mintToken({ sub: randomUUID(), tenantId, roles: [role] });
  return new Client(running.url, token);
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

describe('an account', () => {
  it('is a tenant’s own: shown without secrets, sealed where it lies, and audited', async () => {
    const { id, account, secret } = await register(admin);
    const { webhookSecret } = accountWish();
    await admin.post(`${ACCOUNTS}/${id}/rotate-secret`, { webhookSecret });
    const list = await admin.get(ACCOUNTS);
    expect(list.body.accounts).toContainEqual(expect.objectContaining({ id, account }));
    expect((await others.get(ACCOUNTS)).text).not.toContain(id);
    const rotated = await others.post(`${ACCOUNTS}/${id}/rotate-secret`, { webhookSecret });
    const removed = await others.send('DELETE', `${ACCOUNTS}/${id}`, undefined, {});
    expect([rotated.status, removed.status]).toEqual([404, 404]);
    expect((await admin.send('DELETE', `${ACCOUNTS}/${id}`, undefined, {})).status).toBe(200);
    const audited = await admin.get(`/admin/audit?objectId=${id}`);
    expect(audited.body.entries).toMatchObject([
      { action: 'provider_account.removed', before: { account } },
      { action: 'provider_account.secret_rotated' },
      { action: 'provider_account.registered', after: { account, livemode: false } },
    ]);
    const kept = await query(
      running.world,
      `SELECT string_agg(t::text, '') AS rows FROM (
        SELECT to_jsonb(a) AS t FROM audit_log a UNION ALL
        SELECT to_jsonb(p) FROM provider_accounts p) t`,
    );
    for (const each of [secret, webhookSecret]) {
      expect(list.text + audited.text + String(kept[0]?.rows)).not.toContain(each);
    }
  });

  it('is registered once in each mode; its secret opens in its own row alone', async () => {
    const wish = accountWish();
    const { id } = await register(admin, wish);
    const again = await admin.post(ACCOUNTS, {
      ...wish,
      ...{ webhookSecret: `${wish.webhookSecret}x` },
    });
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT']);
    await register(admin, { ...wish, livemode: true });
    await register(others, wish);
    const [row] = await query(running.world, 'SELECT * FROM provider_accounts WHERE id = $1', [id]);
    const sealed = {
      keyId: String(row?.secret_key_id),
      ciphertext: row?.secret_ciphertext as Buffer,
    };
    const vault = running.app.get(Vault);
    const { tenantId, otherTenantId } = running.world.cast;
    expect(vault.decrypt(sealed, `provider_account:${tenantId}:${id}`)).toBe(wish.webhookSecret);
    expect(() => vault.decrypt(sealed, `provider_account:${otherTenantId}:${id}`)).toThrow();
  });

  it('is the platform’s operators’ matter, who name the tenant that it is of', async () => {
    const { tenantId, platformTenantId } = running.world.cast;
    const operator = await as('platform_admin', platformTenantId);
    const of = `?tenantId=${tenantId.toUpperCase()}`;
    const { body } = await operator.post(`${ACCOUNTS}${of}`, accountWish());
    const one = `${ACCOUNTS}/${String(body.id).toUpperCase()}`;
    expect((await admin.get(ACCOUNTS)).text).toContain(String(body.id));
    expect((await operator.get(ACCOUNTS)).text).not.toContain(String(body.id));
    expect((await operator.get(`${ACCOUNTS}${of}`)).text).toContain(String(body.id));
    const { webhookSecret } = accountWish();
    const tenants = await as('admin', tenantId);
    for (const { status } of [
      await tenants.get(ACCOUNTS),
      await tenants.post(ACCOUNTS, accountWish()),
      await tenants.post(`${one}/rotate-secret`, { webhookSecret }),
      await tenants.send('DELETE', one, undefined, {}),
    ]) {
      expect(status).toBe(403);
    }
    expect((await operator.post(`${one}/rotate-secret${of}`, { webhookSecret })).status).toBe(200);
    // Both secrets can be read, however the ids were written.
    const signing = await running.app.get(StripeAccounts).signing();
    const known = signing.find(({ account }) => account === body.account);
    expect(known).toMatchObject({ tenantId, secrets: [webhookSecret, expect.any(String)] });
    expect((await operator.send('DELETE', `${one}${of}`, undefined, {})).status).toBe(200);
  });

  it('of nobody in particular is refused', async () => {
    const { status, body } = await admin.get(`${ACCOUNTS}?tenantId=somebody`);
    expect([status, body.code]).toEqual([422, 'VALIDATION_ERROR']);
  });

  it('whose secret is none is refused', async () => {
    const { status, body } = await admin.post(ACCOUNTS, { ...accountWish(), webhookSecret: 'no' });
    expect([status, body.code]).toEqual([422, 'VALIDATION_ERROR']);
  });
});
