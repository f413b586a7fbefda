import { buildMutant } from './build-mutant.js';
import { hold } from './drills/drill.js';
import { DRILLS } from './drills/index.js';
import { MUTANTS } from './mutants.js';
import { type ChaosOptions, readOptions } from './options.js';
import { CHAINS, planOf, type Server, withChains } from './plan.js';
import { type Report, run } from './run.js';

const PROGRAM = 'dist/src/main.js';

/** `npm run chaos`: ends with 0 when nothing was violated and every mutant was found. */
async function main(options: ChaosOptions): Promise<boolean> {
  const { kills, seed, patience, redis, rabbit, chains } = options;
  if (options.drills.length > 0) return allHeld(options.drills);
  const servers: Server[] = [
    'postgres',
    ...(redis ? (['redis'] as const) : []),
    ...(rabbit ? (['rabbit'] as const) : []),
    ...(chains ? CHAINS : []),
  ];
  if (options.planOnly) {
    console.log(JSON.stringify(planOf({ kills, seed, servers }), undefined, 2));
    return true;
  }
  const onDeath = (dead: number) => {
    if (dead % 20 === 0) console.error(`${dead} of ${kills} killed`);
  };
  if (options.mutants.length === 0) {
    return passed(
      await run({ kills, seed, patience, servers, program: PROGRAM, onDeath }),
      servers,
    );
  }
  let allFound = true;
  for (const name of options.mutants) {
    const report = await run({
      kills,
      seed,
      patience,
      servers: [...new Set([...servers, ...(MUTANTS[name]?.needs ?? [])])],
      program: buildMutant(name),
      onDeath,
    });
    const found = report.violations.length > 0;
    const [first = 'nothing was violated'] = report.violations;
    console.log(`${found ? 'found' : 'NOT FOUND'}  ${name} (${report.seconds} s): ${first}`);
    allFound &&= found;
  }
  return allFound;
}

/** Holds the drills one after the other; what cannot be held here is said and does not fail. */
async function allHeld(names: readonly string[]): Promise<boolean> {
  let well = true;
  for (const name of names) {
    const drill = DRILLS[name];
    const impossible = drill?.impossible?.();
    if (!drill || impossible !== undefined) {
      console.warn(`SKIPPED ${name}: ${String(impossible)}`);
      continue;
    }
    const { facts, violations } = await hold(drill);
    for (const violation of violations) console.error(`VIOLATION ${name}: ${violation}`);
    console.log(JSON.stringify({ drill: name, ...facts, violations: violations.length }));
    well &&= violations.length === 0;
  }
  return well;
}

function passed(report: Report, servers: readonly Server[]): boolean {
  for (const violation of report.violations) console.error(`VIOLATION ${violation}`);
  const { violations, ...counts } = report;
  console.log(JSON.stringify({ ...counts, violations: violations.length }));
  if (violations.length > 0) {
    const flags = [
      ...(servers.includes('redis') ? [' --redis'] : []),
      ...(servers.includes('rabbit') ? [' --rabbit'] : []),
      ...(withChains(servers) ? [' --chains'] : []),
    ].join('');
    console.error(
      `Again with: npm run chaos -- --kills ${report.kills} --seed ${report.seed}${flags}`,
    );
    console.error(`What was there: ${String(report.evidence)}`);
  }
  return violations.length === 0;
}

const known = { mutants: Object.keys(MUTANTS), drills: Object.keys(DRILLS) };
main(readOptions(process.argv.slice(2), known)).then(
  (well) => {
    process.exitCode = well ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
