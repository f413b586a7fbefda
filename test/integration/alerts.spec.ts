import { Alerts, AlertPass } from '../../src/kernel/alerts/index.js';
import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { closeItem, openItem, type OpenItem } from '../../src/kernel/open-items/index.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually, query } from '../support/shop.js';
import { type FakeSlack, startFakeSlack } from '../support/slack.js';

let slack: FakeSlack;
let app: RunningApp;
let pass: AlertPass;

beforeAll(async () => {
  slack = await startFakeSlack();
  // No loops: each pass is a test's own.
  app = await startApp({ ...slack.settings, ROLE: 'api' });
  pass = app.app.get(AlertPass, { strict: false });
});
beforeEach(async () => {
  slack.forget();
  await query(app.world, 'DELETE FROM alerts; DELETE FROM open_items; DELETE FROM outbox_dlq');
});
afterAll(async () => {
  await app.close();
  await slack.close();
});

const cents = (amount: number) => ({ cents: toCents(amount), currency: 'USD' });

async function open(item: Partial<OpenItem> = {}, tenantId = app.world.cast.tenantId) {
  const whole = {
    kind: 'refund_unknown',
    subjectType: 'payment',
    subjectId: newId(),
    cause: 'Nobody knows',
    ...item,
  };
  await app.app.get(Database, { strict: false }).asWorker([openItem(tenantId, whole)]);
  return whole;
}

const raise = (details = {}, key = 'breaker:test') =>
  app.app
    .get(Alerts, { strict: false })
    .raise({ key, severity: 'critical', title: 'It opened', module: 'tests', details });

/** Whatever rests is due now. */
const wake = () => query(app.world, 'UPDATE alerts SET next_attempt_at = now()');
const alerts = () => query(app.world, 'SELECT * FROM alerts ORDER BY key');
const lastText = () => slack.messages.at(-1)?.text ?? '';

describe('open items', () => {
  it('are told once, with the money, an example and where it comes from', async () => {
    const { subjectId } = await open({ atRisk: cents(11_845) });
    expect(await pass.pass()).toBe(1);
    expect(await pass.pass()).toBe(0);
    await wake();
    expect(await pass.pass()).toBe(0);
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.channel).toBe('C042');
    expect(lastText()).toContain('CRITICAL Work for a human: refund_unknown');
    expect(lastText()).toContain('"centsAtRisk":11845');
    expect(lastText()).toContain(subjectId);
    expect(lastText()).toMatch(/open items, api on \S+, test$/);
  });

  it('of one kind are one alert, over all tenants', async () => {
    for (let i = 0; i < 30; i++) await open({ atRisk: cents(100) });
    await open({ atRisk: cents(100) }, app.world.cast.otherTenantId);
    await pass.pass();
    expect(slack.messages).toHaveLength(1);
    expect(lastText()).toContain('31 new');
    expect(lastText()).toContain('"tenants":2');
    expect(lastText()).toContain('"centsAtRisk":3100');
  });

  it('of many kinds are one message, the worst first', async () => {
    await open({ kind: 'job_failed' });
    await open({ kind: 'webhook_quarantined' });
    await open({ kind: 'refund_unbooked', atRisk: cents(1) });
    expect(await pass.pass()).toBe(3);
    expect(slack.messages).toHaveLength(1);
    expect(lastText()).toMatch(/^3 alerts\n\nCRITICAL .*refund_unbooked/);
    expect(lastText()).toMatch(/WARNING .*job_failed[^]*WARNING .*webhook_quarantined/);
  });

  it('that come while an alert rests are told together when it is due again', async () => {
    await open();
    await pass.pass();
    for (let i = 0; i < 4; i++) await open();
    expect(await pass.pass()).toBe(0);
    expect(slack.messages).toHaveLength(1);
    await wake();
    await pass.pass();
    expect(slack.messages).toHaveLength(2);
    expect(lastText()).toMatch(/4 new from .* to .*, 5 since /);
  });

  it('seen again while open are not news, opened anew they are', async () => {
    const item = await open();
    await pass.pass();
    await open(item);
    await wake();
    expect(await pass.pass()).toBe(0);
    const { tenantId } = app.world.cast;
    const close = closeItem(tenantId, item.kind, item.subjectId, 'mended');
    await app.app.get(Database, { strict: false }).asWorker([close]);
    await open(item);
    await wake();
    expect(await pass.pass()).toBe(1);
  });

  it('seen again with more at risk are news', async () => {
    const item = await open();
    await pass.pass();
    await open({ ...item, atRisk: cents(11_845) });
    await wake();
    expect(await pass.pass()).toBe(1);
    expect(await alerts()).toContainEqual(expect.objectContaining({ severity: 'critical' }));
  });

  it('that wait to be told keep the worst of them, whatever comes after', async () => {
    await open({ atRisk: cents(0) });
    await pass.pass();
    await open({ atRisk: cents(11_845) });
    await pass.pass();
    await open({ atRisk: cents(0) });
    await pass.pass();
    expect(await alerts()).toMatchObject([
      { severity: 'critical', details: { centsAtRisk: 11_845 } },
    ]);
  });

  it('that were resolved before anybody was told are not told', async () => {
    const { kind, subjectId } = await open();
    const close = closeItem(app.world.cast.tenantId, kind, subjectId, 'mended');
    await app.app.get(Database, { strict: false }).asWorker([close]);
    expect(await pass.pass()).toBe(0);
  });
});

describe('dead letters', () => {
  it('are alerts, one a type of event', async () => {
    for (const type of ['payment.completed', 'payment.completed', 'order.paid']) {
      await query(
        app.world,
        `INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
           event_type, payload, attempts, last_error, created_at)
         VALUES ($1, 1, $2, $2, 'payment', $3, '{}', 5, 'it would not', now())`,
        [app.world.cast.tenantId, newId(), type],
      );
    }
    expect(await pass.pass()).toBe(2);
    expect(await pass.pass()).toBe(0);
    expect(lastText()).toMatch(/payment\.completed\n2 new/);
    expect(lastText()).toContain('it would not');
  });
});

describe('raised alerts', () => {
  it('are on record before they are told, grouped by key', async () => {
    for (let i = 0; i < 12; i++) await raise({ i });
    expect(await alerts()).toMatchObject([{ key: 'breaker:test', seen: '12', told: '0' }]);
    await pass.pass();
    expect(slack.messages).toHaveLength(1);
    expect(lastText()).toMatch(/CRITICAL It opened\n12 new/);
    expect(lastText()).toMatch(/tests, api on \S+, test$/);
  });

  it('do not fail whoever raises them while the database is away', async () => {
    const broken = { asWorker: () => Promise.reject(new Error('away')) } as unknown as Database;
    const { tenantId } = app.world.cast;
    const config = { env: 'test', role: 'all', platform: { tenantId } } as never;
    const alert = { key: 'k', severity: 'warning', title: 't', module: 'm' } as const;
    await expect(new Alerts(broken, config).raise(alert)).resolves.toBeUndefined();
  });

  it('that a message was sent without are told by the next one', async () => {
    await raise();
    const post = jest.spyOn(pass['channel'], 'post').mockImplementationOnce(async () => raise());
    await pass.pass();
    expect(post).toHaveBeenCalledTimes(1);
    expect(await alerts()).toMatchObject([{ seen: '2', told: '1' }]);
    await wake();
    await pass.pass();
    expect(lastText()).toContain('1 new');
  });
});

describe('nothing personal and no secret leaves', () => {
  it('in a title, a cause or a detail', async () => {
    await open({ cause: 'ada@example.com paid with 4242 4242 4242 4242' });
    await raise({ token: 'Bearer abcdefghijkl', to: 'bob@example.org' });
    await pass.pass();
    expect(lastText()).not.toMatch(/ada@|bob@|4242|abcdefghijkl/);
    const [row] = await query(
      app.world,
      `SELECT string_agg(to_jsonb(a)::text, '') AS t FROM alerts a`,
    );
    expect(row?.t).not.toMatch(/ada@|bob@|4242|abcdefghijkl/);
  });

  it('nor can it write links or mentions', async () => {
    await open({ cause: '<!channel> <https://evil.example|click> &amp;' });
    await pass.pass();
    expect(lastText()).toContain('&lt;!channel&gt;');
    expect(lastText()).not.toMatch(/<[!@#h]/);
  });
});

describe('Slack in trouble', () => {
  const rest = async () => {
    const [row] = await query(
      app.world,
      'SELECT extract(epoch FROM next_attempt_at - now()) AS s, attempts, last_error FROM alerts',
    );
    return { seconds: Number(row?.s), attempts: row?.attempts, error: String(row?.last_error) };
  };

  it('that limits us is left alone for as long as it says, and told then', async () => {
    slack.setMood({ kind: 'rate_limited', retryAfterSeconds: 120 });
    await open();
    expect(await pass.pass()).toBe(0);
    expect(await pass.pass()).toBe(0);
    expect(slack.calls()).toBe(1);
    expect((await rest()).seconds).toBeGreaterThan(100);
    slack.setMood({ kind: 'ok' });
    await wake();
    expect(await pass.pass()).toBe(1);
    expect(slack.messages).toHaveLength(1);
  });

  it.each([
    ['that drops connections', { kind: 'breaks' }, 'slack_webapi_request_error'],
    ['that does not know the channel', { kind: 'refuses', error: 'channel_not_found' }, 'channel'],
  ] as const)('%s loses no alert', async (_, mood, error) => {
    slack.setMood(mood);
    await open();
    expect(await pass.pass()).toBe(0);
    expect(await rest()).toMatchObject({ attempts: 1 });
    expect((await rest()).error).toContain(error);
    expect((await rest()).error).not.toContain('xoxb');
    slack.setMood({ kind: 'ok' });
    await wake();
    expect(await pass.pass()).toBe(1);
    expect(await alerts()).toMatchObject([{ attempts: 0, last_error: null }]);
  });

  it('that is away is asked less and less often', async () => {
    slack.setMood({ kind: 'breaks' });
    await open();
    const rests: number[] = [];
    for (let i = 0; i < 4; i++) {
      await wake();
      await pass.pass();
      rests.push(Math.round((await rest()).seconds));
    }
    expect(rests).toEqual([5, 15, 60, 300]);
  });
});

describe('several workers', () => {
  it('tell an alert once', async () => {
    for (let i = 0; i < 5; i++) await raise({}, `key:${i}`);
    const told = await Promise.all([pass.pass(), pass.pass(), pass.pass()]);
    expect(told.reduce((a, b) => a + b, 0)).toBe(5);
    expect(slack.messages.map(({ text }) => text.match(/It opened/g)?.length)).toEqual([5]);
  });
});

describe('without Slack', () => {
  it('alerts are lines of the log, told by the worker itself', async () => {
    const quiet = await startApp({ LOG_LEVEL: 'silent', ROLE: 'all' });
    try {
      const item = openItem(quiet.world.cast.tenantId, {
        kind: 'job_failed',
        subjectType: 'job',
        subjectId: newId(),
        cause: 'it would not',
      });
      await quiet.app.get(Database, { strict: false }).asWorker([item]);
      await eventually(async () => {
        const [row] = await query(quiet.world, 'SELECT told FROM alerts');
        return row?.told === '1';
      }, 'the alert');
    } finally {
      await quiet.close();
    }
  });
});
