import { checkInvariants } from '../support/invariants/index.js';
import { mailsAbout, withMail } from '../support/mails.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

let world: TestWorld;
let started: AppProcess[];

beforeEach(async () => {
  world = await startTestWorld();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await world.close();
});

async function start(settings = {}): Promise<AppProcess> {
  const app = await startProcess(world, { ...withMail(world), ...settings });
  started.push(app);
  return app;
}

const receipts = () => mailsAbout(world, 'Your receipt');

/** Buys once at a process that may die of it at any moment after the answer. */
async function buyAt(app: AppProcess): Promise<void> {
  const shop = new Shop(world);
  const user = world.users.createUser();
  const client = await shop.buyer(app.url, user.id);
  await client.pay(PROCESS, orderOf(shop.event())).catch(() => undefined);
}

describe('a process that dies', () => {
  it('after a mail went out: it goes out again, recognisable by its Message-ID', async () => {
    const dying = await start({ FAILPOINT: 'mail.after_sending:kill' });
    await buyAt(dying);
    expect((await dying.ended).signal).toBe('SIGKILL');
    expect(receipts()).toHaveLength(1);
    await query(world, `UPDATE jobs SET lease_until = now() WHERE status = 'pending'`);
    await start();
    await eventually(() => receipts().length === 2, 'the mail again');
    await eventually(async () => {
      const [row] = await query(world, `SELECT bool_and(status = 'done') AS done FROM jobs`);
      return row?.done === true;
    });
    const [first, second] = receipts();
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.text).toBe(first?.text);
    await checkInvariants(world);
  });

  it('before its events were handled: the mail goes out once', async () => {
    const dying = await start({ FAILPOINT: 'outbox.after_delivery:kill' });
    await buyAt(dying);
    expect((await dying.ended).signal).toBe('SIGKILL');
    await query(world, `UPDATE outbox SET lease_until = now() WHERE lease_until > now()`);
    await query(world, `UPDATE jobs SET lease_until = now() WHERE lease_until > now()`);
    await start();
    await eventually(async () => {
      const [row] = await query(
        world,
        `SELECT (SELECT bool_and(status = 'done') FROM jobs)
           AND NOT EXISTS (SELECT FROM outbox WHERE processed_at IS NULL) AS done`,
      );
      return row?.done === true;
    });
    expect(new Set(receipts().map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('logs neither names nor addresses', async () => {
    const app = await start({ LOG_LEVEL: 'trace' });
    const shop = new Shop(world);
    const user = world.users.createUser({ name: 'Quentin Unmistakable', email: 'q.u@example.net' });
    await (await shop.buyer(app.url, user.id)).pay(PROCESS, orderOf(shop.event()));
    world.mailbox.refuseWith(550);
    await (await shop.buyer(app.url, user.id)).pay(PROCESS, orderOf(shop.event()));
    await eventually(() => app.logs().includes('The mail server answered 550'), 'the refusal');
    expect(app.logs()).not.toMatch(/unmistakable|q\.u@/i);
  });
});
