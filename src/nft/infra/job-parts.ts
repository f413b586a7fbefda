import { nextStep, type Seen, type Step, type Try } from '../domain/next-step.js';
import type { Token } from './job-tasks.js';
import type { NewTry, RecordedTry } from './transaction-rows.js';

/** A part of a job that has something left to do, and what comes next for it. */
export interface Part {
  readonly number: number;
  /** Oldest first, never empty. */
  readonly tries: readonly RecordedTry[];
  /** Its tickets that have not ended. */
  readonly left: readonly Token[];
  readonly step: Step;
}

/** What a record alone does not say of a try. */
export type Sight = Pick<Try, 'seen' | 'isOurs'>;

/** What is next for each part, from what is on record and what is seen of its tries. */
export function partsOf(
  tries: readonly RecordedTry[],
  left: readonly Token[],
  sightOf: (recorded: RecordedTry) => Sight,
  attempts: number,
): readonly Part[] {
  return [...new Set(tries.map(({ part }) => part))].flatMap((number) => {
    const own = tries.filter(({ part }) => part === number);
    const ticketIds = own.at(-1)?.ticketIds ?? [];
    const tokens = left.filter(({ mint }) => ticketIds.includes(mint.ticketId));
    if (tokens.length === 0) return [];
    const step = nextStep(
      own.map((recorded) => ({ ...recorded, ...sightOf(recorded) })),
      attempts,
    );
    return [{ number, tries: own, left: tokens, step }];
  });
}

/** Tickets that no part is about: nothing was begun for them, or what was begun could not be signed. */
export function withoutPart(
  tries: readonly RecordedTry[],
  left: readonly Token[],
): readonly Token[] {
  const begun = new Set(tries.flatMap(({ ticketIds }) => ticketIds));
  return left.filter(({ mint }) => !begun.has(mint.ticketId));
}

/** The tries of parts that are to begin anew with those of their tickets that are still to be done. */
export function anew(parts: readonly Part[], todo: readonly Token[]): readonly NewTry[] {
  const wanted = new Set(todo.map(({ mint }) => mint.ticketId));
  return parts.flatMap(({ number, tries, left }) => {
    const ticketIds = left.map(({ mint }) => mint.ticketId).filter((id) => wanted.has(id));
    return ticketIds.length === 0 ? [] : [{ part: number, number: nextNumber(tries), ticketIds }];
  });
}

export function nextNumber(tries: readonly RecordedTry[]): number {
  return (tries.at(-1)?.number ?? -1) + 1;
}

/** The number after the last part's. */
export function nextPart(tries: readonly RecordedTry[]): number {
  return tries.reduce((highest, { part }) => Math.max(highest, part), -1) + 1;
}

/** What a status on record says by itself; null: the chain has to be asked. */
export function seenOnRecord({ status }: RecordedTry): Seen | null {
  switch (status) {
    case 'allocated':
      return 'unsigned';
    case 'signed':
      return null;
    case 'replaced':
      return 'expired';
    case 'done':
    case 'failed':
    case 'expired':
      return status;
  }
}
