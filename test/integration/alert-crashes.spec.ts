import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, query } from '../support/shop.js';
import { type FakeSlack, startFakeSlack } from '../support/slack.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

let world: TestWorld;
let slack: FakeSlack;
let started: AppProcess[];

beforeEach(async () => {
  [world, slack] = await Promise.all([startTestWorld(), startFakeSlack()]);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((app) => app.kill()));
  await slack.close();
  await world.close();
});

async function start(settings = {}): Promise<AppProcess> {
  const app = await startProcess(world, { ...slack.settings, ...settings });
  started.push(app);
  return app;
}

describe('a process that dies with an alert on its way', () => {
  it('has it told again by the next one, and then no more', async () => {
    await query(
      world,
      `INSERT INTO open_items (tenant_id, id, kind, subject_type, subject_id, cause, cents_at_risk,
         currency) VALUES ($1, $2, 'refund_unknown', 'payment', 'p', 'Nobody knows', $3, 'USD')`,
      [world.cast.tenantId, newId(), toCents(500)],
    );
    const dying = await start({ FAILPOINT: 'alert.after_post:kill' });
    expect((await dying.ended).signal).toBe('SIGKILL');
    expect(slack.messages).toHaveLength(1);
    await query(world, 'UPDATE alerts SET lease_until = now()');
    await start();
    await eventually(() => slack.messages.length === 2, 'the alert again');
    expect(slack.messages[1]?.text).toBe(slack.messages[0]?.text);
    await eventually(async () => {
      const [row] = await query(world, 'SELECT told = seen AS done FROM alerts');
      return row?.done === true;
    });
  });
});
