import os from 'node:os';
import type { ChainName } from '../../src/kernel/chain/chain-names.js';
import { alone } from './alone.js';
import { measureFraudCheck } from './fraud-check.js';
import { measureMinting } from './minting.js';
import { isSale, readOptions, type SaleScenario } from './options.js';
import { measureQueues } from './queues.js';
import { lineOf, type Measured, missed, type OtherLines } from './report.js';
import { replay, sell, type Slice } from './slices.js';
import { CLIENTS, onStage, type Stage } from './stage.js';

const TO_MINT = 1_000;

interface Scenario {
  readonly clients: number;
  /** All venues in turn, or all buyers at one, which is another one in each round. */
  readonly hot: boolean;
  readonly webhooks: boolean;
  readonly ceiling: boolean;
}

const PLANS: Readonly<Record<SaleScenario, Scenario>> = {
  'venues-16': { clients: CLIENTS, hot: false, webhooks: false, ceiling: true },
  'hot-16': { clients: CLIENTS, hot: true, webhooks: false, ceiling: false },
  'venues-1': { clients: 1, hot: false, webhooks: false, ceiling: true },
  'webhooks-16': { clients: CLIENTS, hot: false, webhooks: true, ceiling: false },
};

/** Every scenario's slice in each round, so that what slows the machine slows all of them. */
async function measure(stage: Stage, { rounds, seconds, scenarios }: typeof options) {
  const taken = new Map<SaleScenario, { slices: Slice[]; ceiling: Slice[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const name of scenarios.filter(isSale)) {
      const { clients, hot, webhooks, ceiling } = PLANS[name];
      const so = taken.get(name) ?? { slices: [], ceiling: [] };
      taken.set(name, so);
      const { venues, hotVenues } = stage.opening;
      const targets = hot ? hotVenues.slice(round, round + 1) : venues;
      await stage.emulators.ask({ webhooksTo: webhooks ? stage.application.url : null });
      so.slices.push(await sell(stage, { clients, targets, seconds }));
      if (ceiling) so.ceiling.push(await replay(stage, clients, seconds));
    }
  }
  return [...taken].map(([scenario, slices]): Measured => {
    const { clients, hot, webhooks } = PLANS[scenario];
    return {
      scenario,
      clients,
      venues: hot ? 1 : stage.opening.venues.length,
      webhooks,
      ...slices,
    };
  });
}

/** What is measured below HTTP, each in a database of its own. */
async function measureOthers(
  stage: Stage,
  { queued, scenarios }: typeof options,
): Promise<OtherLines> {
  const { home, belongings } = stage;
  const minting = (chain: ChainName) =>
    scenarios.includes(`minting-${chain}`)
      ? alone(stage, `minting_${chain}`, (database) =>
          measureMinting({ database, chain, home, belongings, tickets: TO_MINT }),
        )
      : undefined;
  return {
    queues: scenarios.includes('waiting-room') ? await measureQueues(stage, queued) : undefined,
    checks: scenarios.includes('fraud-check')
      ? await alone(stage, 'fraud_checks', (database) => measureFraudCheck(database))
      : undefined,
    polygon: await minting('polygon'),
    solana: await minting('solana'),
  };
}

const options = readOptions(process.argv.slice(2));
const loadBefore = os.loadavg()[0];
const { lines, others } = await onStage(
  { hotVenues: options.rounds, profile: options.profile },
  async (stage) => {
    console.log(JSON.stringify({ written_per_purchase: stage.written }));
    const measured = await measure(stage, options);
    return {
      lines: measured.map((each) => lineOf(each, stage.written)),
      others: await measureOthers(stage, options),
    };
  },
);
const { queues, checks, polygon, solana } = others;
for (const line of [...lines, queues, checks, polygon, solana]) {
  if (line) console.log(JSON.stringify(line));
}
const misses = missed(lines, others);
console.log(
  JSON.stringify({
    missed: misses,
    machine: { cpus: os.cpus().length, model: os.cpus()[0]?.model, node: process.version },
    load_average_before: loadBefore,
  }),
);
process.exitCode = misses.length > 0 ? 1 : 0;
