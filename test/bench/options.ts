import { parseArgs } from 'node:util';

const SALES = ['venues-16', 'hot-16', 'venues-1', 'webhooks-16'] as const;

/** What each scenario measures; README "Performance" explains the figures. */
export const SCENARIOS = [
  ...SALES,
  'waiting-room',
  'fraud-check',
  'minting-polygon',
  'minting-solana',
] as const;

export type ScenarioName = (typeof SCENARIOS)[number];

/** The scenarios that sell tickets, in slices. */
export type SaleScenario = (typeof SALES)[number];

export function isSale(name: ScenarioName): name is SaleScenario {
  return SALES.some((sale) => sale === name);
}

export interface BenchOptions {
  /** Length of one slice; a scenario has `rounds` of them. */
  readonly seconds: number;
  readonly rounds: number;
  readonly scenarios: readonly ScenarioName[];
  /** How many people the waiting room's scenario lets queue. */
  readonly queued: number;
  /** Folder for a CPU profile of the application. */
  readonly profile: string | undefined;
}

const MOST_QUEUED = 1_000_000;

const USAGE =
  'npm run bench -- [--seconds 1..60] [--rounds 1..9] ' +
  `[--scenario ${SCENARIOS.join('|')}]… [--queued 1..${MOST_QUEUED}] [--profile folder]`;

/** Reads the command line. Throws with the usage when it makes no sense. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      scenario: { type: 'string', multiple: true, default: [...SCENARIOS] },
      queued: { type: 'string', default: '100000' },
      profile: { type: 'string' },
    },
  });
  return {
    seconds: whole(values.seconds, 60),
    rounds: whole(values.rounds, 9),
    scenarios: SCENARIOS.filter((name) => known(values.scenario).includes(name)),
    queued: whole(values.queued, MOST_QUEUED),
    profile: values.profile,
  };
}

function whole(text: string, max: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > max) throw new Error(USAGE);
  return number;
}

function known(names: readonly string[]): readonly string[] {
  if (names.some((name) => !SCENARIOS.some((each) => each === name))) throw new Error(USAGE);
  return names;
}
