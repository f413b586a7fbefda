import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { INVARIANTS } from '../../src/auditor/invariants/index.js';
import { DISAGREEMENTS } from './auditor-disagreements.js';
import { MONEY_DAMAGES } from './auditor-money-damages.js';
import { STATE_DAMAGES } from './auditor-state-damages.js';
import { TOKEN_DAMAGES } from './auditor-token-damages.js';
import { AuditedWorld } from './auditor-world.js';

jest.setTimeout(300_000);

/** At least one for each rule; what else goes red does not matter. */
const DAMAGES = [...MONEY_DAMAGES, ...STATE_DAMAGES, ...TOKEN_DAMAGES];

let world: AuditedWorld;

beforeAll(async () => {
  world = await AuditedWorld.open();
});
afterAll(() => world.close());

it('finds nothing in a world in which everything has happened', async () => {
  expect(await world.undamaged()).toEqual([]);
});

it('every rule is shown to turn red', () => {
  const shown = new Set([...DAMAGES, ...DISAGREEMENTS].map(({ rule }) => rule));
  const rules = INVARIANTS.map(({ invariant, rule }) => `${invariant} ${rule}`);
  expect(rules.filter((rule) => !shown.has(rule))).toEqual([]);
});

it.each(DAMAGES)('$rule', async ({ rule, statement }) => {
  await world.damage(statement);
  expect(await world.violations()).toContain(rule);
});

describe('the provider disagrees', () => {
  beforeAll(() => world.damage('SELECT 1'));

  it.each(DISAGREEMENTS)('$rule', async ({ rule, change }) => {
    expect(await world.violations(change(world.record()))).toContain(rule);
  });
});

describe('what is still on its way', () => {
  it('is not judged by how it ends until it has had its time', async () => {
    const rule = 'I2 what is paid or authorized was charged';
    await world.damage(`UPDATE payment_transactions SET updated_at = now()`);
    const record = { ...world.record(), charges: [] };
    expect(await world.violations(record, 3_600)).not.toContain(rule);
    expect(await world.violations(record)).toContain(rule);
  });
});

describe('rows that make no sense', () => {
  it('are a violation, and the other rules are checked all the same', async () => {
    await world.damage(`UPDATE payment_event_sequence SET
      payload = jsonb_set(payload, '{terms,amountCents}', '"much"')
      WHERE event_type = 'refund.initiated';
      UPDATE capacity_pools SET capacity = 1`);
    expect(await world.violations()).toEqual(
      expect.arrayContaining([
        'I3 a payment shows what its refunds and disputes sum to (unread)',
        'I12 never more tickets than there are',
      ]),
    );
  });
});

describe('npm run verify', () => {
  let sandbox: string;
  beforeAll(() => (sandbox = mkdtempSync(path.join(os.tmpdir(), 'auditor-'))));
  afterAll(() => rmSync(sandbox, { recursive: true }));

  const verify = (
    databaseUrl: string | undefined,
    ...options: string[]
  ): Promise<{ code: unknown; output: string; errors: string }> =>
    new Promise((resolve) => {
      const { STRIPE_API_BASE, STRIPE_SECRET_KEY } = world.env;
      const env = {
        PATH: process.env.PATH,
        SANDBOX_DIR: sandbox,
        ...(databaseUrl !== undefined && {
          DATABASE_URL: databaseUrl,
          STRIPE_API_BASE,
          STRIPE_SECRET_KEY,
        }),
      };
      const program = path.resolve('dist/src/auditor/main.js');
      execFile(process.execPath, [program, ...options], { env }, (error, output, errors) => {
        resolve({ code: error?.code ?? 0, output, errors });
      });
    });

  it('ends with 0 where every invariant holds, asking the provider itself', async () => {
    const { code, output, errors } = await verify(world.env.DATABASE_URL, '--max-age', '0');
    expect([code, errors]).toEqual([0, '']);
    expect(output).toContain(`Every invariant holds (${INVARIANTS.length} rules).`);
  });

  it('ends with 1 and names what is violated, with ids and cents', async () => {
    await world.damage(`UPDATE payment_refunds SET amount = 901 WHERE amount = 900`);
    const { code, output } = await verify(world.damagedUrl, '--max-age', '0');
    expect(code).toBe(1);
    expect(output).toMatch(/VIOLATED I3 +a refund has one row/);
    expect(output).toMatch(
      /refund [\da-f-]{36} of payment [\da-f-]{36}: row processing of 901 USD/,
    );
    const json = await verify(world.damagedUrl, '--json', '--max-age', '0');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.output)).toMatchObject({ ok: false });
  });

  it('sees as much as a superuser where it is only a member of the roles', async () => {
    await world.damage(`UPDATE payment_refunds SET amount = 901 WHERE amount = 900`);
    const login = await world.login();
    const asMember = (url: string | undefined) => {
      const member = new URL(url ?? '');
      [member.username, member.password] = [login, login];
      return verify(member.toString(), '--max-age', '0');
    };
    expect(await asMember(world.env.DATABASE_URL)).toMatchObject({ code: 0, errors: '' });
    const damaged = await asMember(world.damagedUrl);
    expect(damaged).toEqual(await verify(world.damagedUrl, '--max-age', '0'));
    expect(damaged.code).toBe(1);
  });

  it('ends with 2 where there is nothing to audit, or it cannot be reached', async () => {
    const nothing = await verify(undefined);
    expect([nothing.code, nothing.output]).toEqual([2, '']);
    expect(nothing.errors).toContain('DATABASE_URL');
    expect((await verify('postgres://127.0.0.1:1/none')).code).toBe(2);
    expect((await verify(world.env.DATABASE_URL, '--max-age', 'soon')).code).toBe(2);
  });

  it('without configuration audits the sandbox that runs', async () => {
    writeFileSync(path.join(sandbox, 'env.json'), JSON.stringify(world.env));
    expect(await verify(undefined, '--max-age', '0')).toMatchObject({ code: 0, errors: '' });
  });
});
