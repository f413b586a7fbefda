import { AlertPass, Alerts } from '../../src/kernel/alerts/index.js';
import { registry } from '../../src/kernel/observability/index.js';
import { PeriodicTasks } from '../../src/kernel/jobs/index.js';
import { BalanceWatch } from '../../src/nft/infra/balance-watch.js';
import type { ChainName } from '../../src/nft/infra/ticket-chain.js';
import { type ChainSource, TicketChains } from '../../src/nft/infra/ticket-chains.js';
import { type RunningApp, startApp } from '../support/app.js';
import { CUSTODY, FakeChain } from '../support/fake-chain.js';
import { query } from '../support/shop.js';
import { type FakeSlack, startFakeSlack } from '../support/slack.js';

const POL = 10n ** 18n;
const SOL = 10n ** 9n;
const LEAST = { polygon: { balanceAlertPol: 10 }, solana: { balanceAlertSol: 1 } };

let slack: FakeSlack;
let running: RunningApp;
let polygon: FakeChain;
let solana: FakeChain;
let watch: BalanceWatch;

beforeAll(async () => {
  slack = await startFakeSlack();
  // No loops: each pass is a test's own.
  running = await startApp({ ...slack.settings, ROLE: 'api' });
});
afterAll(async () => {
  await running.close();
  await slack.close();
});
beforeEach(async () => {
  slack.forget();
  await query(running.world, 'DELETE FROM alerts');
  [polygon, solana] = [new FakeChain('polygon'), new FakeChain('solana')];
  watch = watchOver([polygon, solana]);
});

function watchOver(chains: readonly FakeChain[], signs = true): BalanceWatch {
  const sources = chains.map((chain): [ChainName, ChainSource] => [
    chain.name,
    { signs, load: () => Promise.resolve(chain) },
  ]);
  const alerts = running.app.get(Alerts, { strict: false });
  const config = { chains: LEAST } as never;
  return new BalanceWatch(
    new TicketChains(new Map(sources)),
    alerts,
    new PeriodicTasks(false),
    config,
  );
}

const alerts = () => query(running.world, 'SELECT *, seen::integer AS times FROM alerts');

/** Looks, and tells whatever is due: an alert rests once it was told. */
async function look(): Promise<void> {
  await watch.look();
  await running.app.get(AlertPass, { strict: false }).pass();
}

describe('a signer with little left', () => {
  it('is told of once, by its chain, until somebody has funded it', async () => {
    polygon.coins = 10n * POL - 1n;
    await look();
    await look();
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.text).toContain(
      'WARNING The signer on fake has less than 10 POL left',
    );
    expect(await alerts()).toMatchObject([
      {
        key: 'chain_balance:polygon',
        severity: 'warning',
        times: 2,
        details: { address: CUSTODY, balance: polygon.coins.toString() },
      },
    ]);

    polygon.coins = 10n * POL;
    await look();
    await query(running.world, 'UPDATE alerts SET told = seen, next_attempt_at = now()');
    await look();
    expect(slack.messages).toHaveLength(1);
    expect(await alerts()).toMatchObject([{ times: 2 }]);
  });

  it('is told of again when it runs out once more', async () => {
    solana.coins = SOL - 1n;
    await look();
    solana.coins = 5n * SOL;
    await look();
    solana.coins = SOL - 1n;
    await query(running.world, 'UPDATE alerts SET next_attempt_at = now()');
    await look();
    expect(slack.messages).toHaveLength(2);
  });

  it('on either chain is an alert of that chain', async () => {
    [polygon.coins, solana.coins] = [POL, SOL / 2n];
    await look();
    const told = slack.messages.map(({ text }) => text).join('\n');
    expect(told).toContain('less than 10 POL');
    expect(told).toContain('less than 1 SOL');
    const keys = (await alerts()).map(({ key }) => key);
    expect(keys.sort()).toEqual(['chain_balance:polygon', 'chain_balance:solana']);
  });

  it('that has nothing at all is critical', async () => {
    solana.coins = 0n;
    await look();
    expect(await alerts()).toMatchObject([{ key: 'chain_balance:solana', severity: 'critical' }]);
  });
});

it('nobody is told of a signer that has enough', async () => {
  [polygon.coins, solana.coins] = [10n * POL, SOL];
  await look();
  expect(await alerts()).toEqual([]);
});

it('a chain that is away hides nothing of the other', async () => {
  polygon.away = true;
  solana.coins = 0n;
  await look();
  expect((await alerts()).map(({ key }) => key)).toEqual(['chain_balance:solana']);
});

it('a process that does not sign looks at nothing', async () => {
  polygon.coins = 0n;
  watch = watchOver([polygon], false);
  await look();
  expect(await alerts()).toEqual([]);
});

it('the metric is whole coins of each chain, as they were last seen', async () => {
  [polygon.coins, solana.coins] = [(25n * POL) / 2n, 3n * SOL];
  await look();
  polygon.away = true;
  solana.coins = 2n * SOL;
  await look();
  const lines = (await registry.metrics()).split('\n');
  expect(lines.filter((line) => line.startsWith('nft_signer_balance_coins')).sort()).toEqual([
    'nft_signer_balance_coins{blockchain="polygon"} 12.5',
    'nft_signer_balance_coins{blockchain="solana"} 2',
  ]);
});
