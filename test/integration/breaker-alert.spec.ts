import { AlertPass } from '../../src/kernel/alerts/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { type FakeSlack, startFakeSlack } from '../support/slack.js';

jest.setTimeout(60_000);

let slack: FakeSlack;
let running: RunningApp;

beforeAll(async () => {
  slack = await startFakeSlack();
  running = await startApp({ ...slack.settings, ROLE: 'api' });
});
afterAll(async () => {
  await running.close();
  await slack.close();
});

const alerts = () =>
  query(running.world, `SELECT * FROM alerts WHERE key LIKE 'breaker:%' ORDER BY key`);

describe('a provider that answers nothing but errors', () => {
  it('opens the breaker, and operators are told so, once for the whole of it', async () => {
    const { world, url } = running;
    const shop = new Shop(world);
    const event = shop.event();
    const buyAtOnce = async (count: number) => {
      const buyers = await shop.buyers(url, count);
      const bought = await Promise.all(buyers.map((buyer) => buyer.pay(PROCESS, orderOf(event))));
      return bought.map(({ status }) => status);
    };
    expect(await buyAtOnce(3)).toEqual([200, 200, 200]);
    expect(await alerts()).toEqual([]);

    world.stripe.setFaults({ rules: [{ fault: 'failBefore', match: { path: '^/v1/' } }] });
    await eventually(async () => (await buyAtOnce(5)).includes(503), 'the breaker to open');
    const [alert] = await eventually(async () => {
      const rows = await alerts();
      return rows.length > 0 && rows;
    }, 'the alert');
    expect(alert).toMatchObject({
      key: 'breaker:stripe',
      severity: 'critical',
    });
    await running.app.get(AlertPass, { strict: false }).pass();
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.text).toContain(
      'CRITICAL The circuit breaker of stripe has opened: payments are refused',
    );
  });
});
