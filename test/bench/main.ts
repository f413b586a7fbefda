import os from 'node:os';
import { readOptions, type ScenarioName } from './options.js';
import { lineOf, type Measured, missed } from './report.js';
import { replay, sell, type Slice } from './slices.js';
import { CLIENTS, onStage, type Stage } from './stage.js';

interface Scenario {
  readonly clients: number;
  /** All venues in turn, or all buyers at one, which is another one in each round. */
  readonly hot: boolean;
  readonly webhooks: boolean;
  readonly ceiling: boolean;
}

const PLANS: Readonly<Record<ScenarioName, Scenario>> = {
  'venues-16': { clients: CLIENTS, hot: false, webhooks: false, ceiling: true },
  'hot-16': { clients: CLIENTS, hot: true, webhooks: false, ceiling: false },
  'venues-1': { clients: 1, hot: false, webhooks: false, ceiling: true },
  'webhooks-16': { clients: CLIENTS, hot: false, webhooks: true, ceiling: false },
};

/** Every scenario's slice in each round, so that what slows the machine slows all of them. */
async function measure(stage: Stage, { rounds, seconds, scenarios }: typeof options) {
  const taken = new Map<ScenarioName, { slices: Slice[]; ceiling: Slice[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const name of scenarios) {
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

const options = readOptions(process.argv.slice(2));
const loadBefore = os.loadavg()[0];
const lines = await onStage(
  { hotVenues: options.rounds, profile: options.profile },
  async (stage) => {
    console.log(JSON.stringify({ written_per_purchase: stage.written }));
    const measured = await measure(stage, options);
    return measured.map((each) => lineOf(each, stage.written));
  },
);
for (const line of lines) console.log(JSON.stringify(line));
const misses = missed(lines);
console.log(
  JSON.stringify({
    missed: misses,
    machine: { cpus: os.cpus().length, model: os.cpus()[0]?.model, node: process.version },
    load_average_before: loadBefore,
  }),
);
process.exitCode = misses.length > 0 ? 1 : 0;
