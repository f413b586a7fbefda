import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Belongings } from '../../support/belongings.js';
import { query } from '../../support/shop.js';
import { leaks } from '../../support/leaks.js';
import { Customers } from './customers.js';
import { keepEvidence } from './evidence.js';
import { Fleet } from './fleet.js';
import { happen } from './incidents.js';
import { type Judgement, judge } from './judgement.js';
import { type ChaosPlan, planOf, type Server, withChains } from './plan.js';
import { buildStage, type Stage } from './stage.js';
import { type ChainFigures, judgeTokens } from './tokens.js';

export interface RunOptions {
  readonly kills: number;
  readonly seed: number;
  /** Everything must be at rest so many seconds after the provider has told what there is to tell. */
  readonly patience: number | undefined;
  readonly servers: readonly Server[];
  /** The compiled application. */
  readonly program: string;
  /** Called after each death. */
  readonly onDeath: (kills: number) => void;
}

/** What a run has seen, and what it holds against the application. */
export interface Report extends Judgement {
  readonly seed: number;
  readonly kills: number;
  /** Deaths at failpoints, by name. */
  readonly atFailpoints: Readonly<Record<string, number>>;
  readonly incidents: number;
  readonly deeds: number;
  readonly paid: number;
  readonly providerFaults: number;
  readonly seconds: number;
  /** What the chains show, where there are any. */
  readonly chains?: ChainFigures;
  /** The folder with logs and data of a run that violated something. */
  readonly evidence?: string;
}

const AT_ONCE = 16;

/** Seconds. */
const PATIENCE = 30;
/** A job of a dead worker waits for its lease, and on Solana for its block hash to expire. */
const PATIENCE_WITH_CHAINS = 180;

/** One run in a world of its own, which is gone afterwards. */
export function run(options: RunOptions): Promise<Report> {
  const belongings = new Belongings();
  return belongings.during(async () => {
    const stage = await buildStage(belongings, { servers: options.servers });
    const customers = new Customers(
      stage.world,
      stage.door.url,
      options.seed,
      withChains(options.servers),
    );
    const deedsDone = () => customers.done;
    const fleet = await belongings.add(
      new Fleet({ ...stage, ...options, deedsDone, onLog: stage.log }),
      (running) => running.stop(),
    );
    return storm(stage, fleet, customers, options);
  });
}

async function storm(
  stage: Stage,
  fleet: Fleet,
  customers: Customers,
  options: RunOptions,
): Promise<Report> {
  const { world, chains } = stage;
  const began = Date.now();
  const plan = planOf(options);
  const over = new AbortController();
  world.stripe.setFaults(plan.provider);
  chains?.polygon.setFaults(plan.chains?.polygon ?? {});
  chains?.solana.setFaults(plan.chains?.solana ?? {});
  const dying = fleet.dieAsPlanned(plan);
  await Promise.race([fleet.isUp(), dying]);
  const shopping = customers.shop(AT_ONCE, over.signal);
  const happening = happen(plan.incidents, stage.servers, over.signal);
  await dying;
  over.abort();
  const [incidents] = await Promise.all([happening, shopping]);
  const providerFaults = world.stripe.faults().reduce((sum, { fired }) => sum + fired, 0);
  world.stripe.setFaults({ rules: [] });
  chains?.polygon.setFaults({});
  chains?.solana.setFaults({});
  const { patience = chains ? PATIENCE_WITH_CHAINS : PATIENCE } = options;
  const judgement = await judge(world, customers, patience * 1_000);
  await fleet.stop();
  const tokens = chains && (await judgeTokens(world, chains, customers.terms));
  const violations = [
    ...judgement.violations,
    ...(tokens?.violations ?? []),
    ...(await untold(stage)),
    ...told(stage),
    ...idle(customers, plan),
  ];
  return {
    seed: options.seed,
    kills: fleet.kills,
    atFailpoints: fleet.atFailpoints,
    incidents,
    deeds: customers.deeds.length,
    paid: customers.deeds.filter(({ answer }) => answer?.status === 200).length,
    providerFaults,
    seconds: Math.round((Date.now() - began) / 1_000),
    ...judgement,
    ...(tokens && { chains: tokens.chains }),
    violations,
    ...(violations.length > 0 && { evidence: await keepEvidence(stage) }),
  };
}

/** I7: events that the broker's listener never had. */
async function untold({ world, listener }: Stage): Promise<string[]> {
  if (!listener) return [];
  const heard = await listener.heard();
  const rows = await query(world, 'SELECT event_id, event_type FROM outbox');
  return rows
    .filter(({ event_id: id }) => !heard.has(String(id)))
    .map(
      ({ event_id: id, event_type: type }) =>
        `I7 the broker never had ${String(type)} ${String(id)}`,
    );
}

/** I16: what the logs tell that they must not. */
function told({ logFolder, world }: Stage): string[] {
  return readdirSync(logFolder).flatMap((name) =>
    leaks(readFileSync(path.join(logFolder, name), 'utf8'), world).map((leak) => `I16 ${leak}`),
  );
}

/** A storm in which nobody bought anything proves nothing. */
function idle({ deeds }: Customers, { deaths }: ChaosPlan): string[] {
  const wanted = Object.values(deaths).flat().length;
  const paid = deeds.filter(({ answer }) => answer?.status === 200).length;
  return paid >= wanted ? [] : [`only ${paid} deeds succeeded: the run proves nothing`];
}
