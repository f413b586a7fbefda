import Table from 'cli-table3';
import type { Share } from './confusion.js';
import {
  type BotLine,
  type HumanLine,
  KNOWN_MISSES,
  LEAST_RECALL,
  MOST_FALSE_POSITIVES,
  missed,
  unseenRecall,
} from './evaluate.js';

export interface Evaluation {
  readonly seed: number;
  readonly ruleSet: string;
  readonly humans: readonly HumanLine[];
  /** By the share of bots among all visits. */
  readonly bots: ReadonlyMap<number, readonly BotLine[]>;
  /** Processor time for the longest session, in milliseconds. */
  readonly scoringMs: number;
}

const WHAT = `Synthetic visits from formulas, not from people: they compare rule sets and find mistakes.
What they say of real buyers and real bots is not known. Only the session speaks; history is that of
a first purchase. Brackets: 95 % intervals after Wilson. Declined counts as "a bot"; stopped is
declined, reviewed or challenged. tuning: the thresholds were chosen on it; unseen: they were not;
missed: unseen, and known to miss the aim; apart: replays of people, and no figure is aimed at.`;

/** The figures as text, with what they mean and which aims are missed. */
export function reportOf({ seed, ruleSet, humans, bots, scoringMs }: Evaluation): string {
  const people = table(['humans', '', 'visits', 'false positives', 'stopped'], humans, (line) => [
    line.family,
    roleOf(line),
    String(line.humans),
    percent(line.declined),
    percent(line.stopped),
  ]);
  const mixes = [...bots].map(([share, lines]) => {
    const falsely = lines[0] ? percent(lines[0].quality.falsePositives) : '';
    const head = `${100 * share} % bots; false positives among all unseen humans ${falsely}`;
    const recall = `recall over all unseen bots, known misses among them, ${percent(unseenRecall(lines))}`;
    return `${head}; ${recall}\n${table(
      ['bots', '', 'visits', 'recall', 'precision', 'stopped'],
      lines,
      (line) => [
        line.family,
        roleOf(line),
        String(line.bots),
        percent(line.quality.recall),
        percent(line.quality.precision),
        percent(line.stopped),
      ],
    )}`;
  });
  const times = `2,000 actions take ${scoringMs.toFixed(1)} ms of processor time.`;
  return [
    `Rule set ${ruleSet}, seed ${seed}`,
    WHAT,
    people,
    ...mixes,
    times,
    boundOf(humans),
    verdictOf(humans, bots),
  ].join('\n\n');
}

/** Which unseen families miss the aim at any share of bots. */
export function missedIn({ humans, bots }: Pick<Evaluation, 'humans' | 'bots'>): string[] {
  return [...new Set([...bots.values()].flatMap((lines) => missed(lines, humans)))];
}

/** The unseen families that miss the aim and are not known to. */
export function newlyMissedIn(evaluation: Pick<Evaluation, 'humans' | 'bots'>): string[] {
  return missedIn(evaluation).filter((name) => !KNOWN_MISSES.has(name));
}

/** The aim is for the share that was counted; what it may be in truth is told beside it. */
function boundOf(humans: Evaluation['humans']): string {
  const beyond = humans
    .filter(
      ({ role, declined }) => role === 'unseen' && (declined.high ?? 1) > MOST_FALSE_POSITIVES,
    )
    .map(({ family, declined }) => `${family} ${percent(declined)}`);
  const what = `The upper end of the interval of false positives is above ${MOST_FALSE_POSITIVES}`;
  return `${what} for ${beyond.length > 0 ? beyond.join(', ') : 'no unseen family'}.`;
}

function verdictOf(humans: Evaluation['humans'], bots: Evaluation['bots']): string {
  const lines = [...humans, ...[...bots.values()].flat()].filter(({ role }) => role === 'unseen');
  const names = [...new Set(lines.map(({ family }) => family))];
  const misses = missedIn({ humans, bots });
  const told = misses.map((name) => (KNOWN_MISSES.has(name) ? `${name} (known)` : name));
  const met = names.filter((name) => !misses.includes(name)).join(', ') || 'none';
  const aim = `recall ${LEAST_RECALL}, false positives ${MOST_FALSE_POSITIVES}, each unseen family`;
  return `Aim (${aim}): met by ${met}; missed by ${told.join(', ') || 'none'}.`;
}

function roleOf({ family, role }: Pick<HumanLine, 'family' | 'role'>): string {
  return KNOWN_MISSES.has(family) ? 'missed' : role;
}

function table<Line>(
  head: string[],
  lines: readonly Line[],
  cells: (line: Line) => string[],
): string {
  const drawn = new Table({ head, style: { head: [], border: [] } });
  drawn.push(...lines.map(cells));
  return drawn.toString();
}

function percent({ share, low, high }: Share): string {
  if (share === null || low === null || high === null) return '–';
  const [value, from, to] = [share, low, high].map((part) => (100 * part).toFixed(1));
  return `${value} % [${from}, ${to}]`;
}
