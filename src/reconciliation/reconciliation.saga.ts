import type { Saga } from '../kernel/saga/index.js';
import type { Step } from './domain/run.js';
import { eventOf } from './reconciliation.contract.js';

/** The command that leads from each step to the next; the last one leads nowhere. */
export const COMMAND_AFTER: Readonly<Partial<Record<string, string>>> = {
  [eventOf('requested')]: 'reconciliation.import_lines',
  [eventOf('imported')]: 'reconciliation.match_lines',
  [eventOf('matched')]: 'reconciliation.settle_stale',
  [eventOf('settled')]: 'reconciliation.close_run',
};

const STEPS_TOLD: readonly Step[] = ['requested', 'imported', 'matched', 'settled', 'closed'];

type State = Readonly<{ reached: readonly string[] }>;

/**
 * A run, one instance each: every step that has ended calls for the next. A command is executed
 * until its step has been done, so that a run goes on after whatever ended the process.
 */
export const reconciliationSaga: Saga<State> = {
  name: 'reconciliation',
  events: STEPS_TOLD.map(eventOf),
  initial: { reached: [] },
  keyOf: ({ aggregateId }) => aggregateId,
  react({ reached }, { type, aggregateId }) {
    if (reached.includes(type)) return { ignore: 'the run has been there' };
    const next = COMMAND_AFTER[type];
    return {
      state: { reached: [...reached, type] },
      commands: next === undefined ? [] : [{ type: next, payload: { runId: aggregateId } }],
    };
  },
};
