import { derivedId, type Uuid } from '../kernel/ids.js';
import type { EventToPublish } from '../kernel/outbox/index.js';
import { eventOf } from './domain/published-events.js';
import { type Figures, type Step, STEPS } from './domain/run.js';

export { eventOf, RECONCILIATION_EVENTS } from './domain/published-events.js';

/** What a step of a run tells: `reconciliation.requested`, `.imported` …, at last `.completed`. */
export type RunAdvanced = Readonly<{ runId: string; figures: Figures }>;

/** Each step of a run tells of itself once: its event's id follows from the run's. */
export function runAdvanced(
  runId: Uuid,
  step: Step,
  figures: Figures,
  occurredAt: Date,
): EventToPublish<RunAdvanced> {
  const type = eventOf(step);
  return {
    id: derivedId(runId, type),
    type,
    version: 1,
    aggregateType: 'reconciliation_run',
    aggregateId: runId,
    sequence: STEPS.indexOf(step) + 1,
    occurredAt,
    payload: { runId, figures },
  };
}
