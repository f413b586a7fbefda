import { parseArgs } from 'node:util';

/** What `npm run chaos` is asked to do. */
export interface ChaosOptions {
  /** Processes to be killed with SIGKILL. */
  readonly kills: number;
  /** Decides every fault; the same seed, the same faults. */
  readonly seed: number;
  /** Everything must be at rest so many seconds after the provider is healthy; unless told, longer where there are chains. */
  readonly patience: number | undefined;
  readonly redis: boolean;
  readonly rabbit: boolean;
  /** Tickets become tokens on local chains meanwhile. */
  readonly chains: boolean;
  /** Run with these faults built into the application, and demand that each is found. */
  readonly mutants: readonly string[];
  /** Hold these drills instead of a storm. */
  readonly drills: readonly string[];
  /** Print the plan and do nothing. */
  readonly planOnly: boolean;
}

/** The names there are. */
export interface Known {
  readonly mutants: readonly string[];
  readonly drills: readonly string[];
}

/**
 * `--kills 60 --seed 1 [--patience 30] [--redis] [--rabbit] [--chains] [--mutant NAME]… [--mutants] [--drill NAME]… [--drills] [--plan]`;
 * throws on others.
 */
export function readOptions(args: readonly string[], known: Known): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      patience: { type: 'string' },
      redis: { type: 'boolean', default: false },
      rabbit: { type: 'boolean', default: false },
      chains: { type: 'boolean', default: false },
      mutant: { type: 'string', multiple: true, default: [] },
      mutants: { type: 'boolean', default: false },
      drill: { type: 'string', multiple: true, default: [] },
      drills: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
    },
  });
  return {
    kills: whole(values.kills, '--kills'),
    seed: whole(values.seed, '--seed'),
    patience: values.patience === undefined ? undefined : whole(values.patience, '--patience'),
    redis: values.redis,
    rabbit: values.rabbit,
    chains: values.chains,
    mutants: values.mutants ? known.mutants : of(known.mutants, values.mutant),
    drills: values.drills ? known.drills : of(known.drills, values.drill),
    planOnly: values.plan,
  };
}

function of(known: readonly string[], asked: readonly string[]): readonly string[] {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length === 0) return asked;
  throw new Error(`there is no ${unknown.join()}; there are ${known.join(', ')}`);
}

function whole(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number`);
  return Number(text);
}
