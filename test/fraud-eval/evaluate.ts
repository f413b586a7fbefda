import {
  assess,
  type Decision,
  type RuleSet,
  sessionFeatures,
} from '../../src/fraud/domain/scoring/index.js';
import { type Quality, qualityOf, type Share, wilson } from './confusion.js';
import { Dice } from '../../src/sandbox/visitors/dice.js';
import type { Family } from './family.js';
import { QUIET } from './quiet-history.js';

/** A family with what was decided on each of its sessions. */
export interface Judged {
  readonly family: Family;
  readonly decisions: readonly Decision[];
}

/** A family of bots among all unseen humans. */
export interface BotLine {
  readonly family: string;
  readonly role: Family['role'];
  readonly bots: number;
  readonly declined: number;
  readonly quality: Quality;
  /** Declined, reviewed or challenged. */
  readonly stopped: Share;
}

export interface HumanLine {
  readonly family: string;
  readonly role: Family['role'];
  readonly humans: number;
  readonly declined: Share;
  /** Declined, reviewed or challenged. */
  readonly stopped: Share;
}

/** The families as a rule set judges them by session alone; `seed` decides every one. */
export function judge(
  families: readonly Family[],
  rules: RuleSet,
  size: { readonly humans: number; readonly bots: number },
  seed: number,
): Judged[] {
  return families.map((family) => {
    const count = family.kind === 'human' ? size.humans : size.bots;
    return {
      family,
      decisions: Array.from({ length: count }, (_, i) => {
        const session = family.session(new Dice(seedOf(family.name, seed, i)));
        const features = { session: sessionFeatures(session, {}), history: QUIET };
        return assess(features, rules).decision;
      }),
    };
  });
}

export function humanLines(judged: readonly Judged[]): HumanLine[] {
  return judged
    .filter(({ family }) => family.kind === 'human')
    .map(({ family, decisions }) => ({
      family: family.name,
      role: family.role,
      humans: decisions.length,
      declined: wilson(declined(decisions), decisions.length),
      stopped: wilson(stopped(decisions), decisions.length),
    }));
}

/** Each family of bots among the unseen humans, so many that they are `share` of all visits. */
export function botLines(judged: readonly Judged[], share: number): BotLine[] {
  const humans = judged
    .filter(({ family }) => family.kind === 'human' && family.role === 'unseen')
    .flatMap(({ decisions }) => decisions);
  const bots = Math.round((humans.length * share) / (1 - share));
  return judged
    .filter(({ family }) => family.kind === 'bot')
    .map(({ family, decisions }) => {
      const present = decisions.slice(0, bots);
      return {
        family: family.name,
        role: family.role,
        bots: present.length,
        declined: declined(present),
        quality: qualityOf({
          botsDeclined: declined(present),
          bots: present.length,
          humansDeclined: declined(humans),
          humans: humans.length,
        }),
        stopped: wilson(stopped(present), present.length),
      };
    });
}

export const LEAST_RECALL = 0.9;
export const MOST_FALSE_POSITIVES = 0.01;

/**
 * Unseen families that rule set v1 was found to miss. They count in every figure; only a miss that is
 * not among them is news, and fails a run. A rule set that catches one takes it off.
 */
export const KNOWN_MISSES: ReadonlySet<string> = new Set([
  'overshooting',
  'windblown',
  'typing-normal',
]);

/** Of all unseen bots, the share that was declined. */
export function unseenRecall(bots: readonly BotLine[]): Share {
  const unseen = bots.filter(({ role }) => role === 'unseen');
  const sum = (of: (line: BotLine) => number) => unseen.reduce((all, line) => all + of(line), 0);
  return wilson(
    sum((line) => line.declined),
    sum((line) => line.bots),
  );
}

/** The unseen families that miss the aim, by name; those apart have none. */
export function missed(bots: readonly BotLine[], humans: readonly HumanLine[]): string[] {
  const slipped = bots.filter(({ quality }) => (quality.recall.share ?? 0) < LEAST_RECALL);
  const hurt = humans.filter(({ declined }) => (declined.share ?? 0) > MOST_FALSE_POSITIVES);
  return [...slipped, ...hurt].filter(({ role }) => role === 'unseen').map(({ family }) => family);
}

const declined = (decisions: readonly Decision[]) =>
  decisions.filter((decision) => decision === 'decline').length;

const stopped = (decisions: readonly Decision[]) =>
  decisions.filter((decision) => decision !== 'approve').length;

/** FNV-1a over the name, so that a new family changes no other one's sessions. */
function seedOf(name: string, seed: number, index: number): number {
  const bytes = Buffer.from(`${name}/${seed}/${index}`);
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
}
