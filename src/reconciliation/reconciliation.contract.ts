import { derivedId, type Uuid } from '../kernel/ids.js';
import type { EventToPublish } from '../kernel/outbox/index.js';
import type { Figures, Step } from './domain/run.js';

/** What a step of a run tells: `reconciliation.requested`, `.imported` …, at last `.completed`. */
export type RunAdvanced = Readonly<{ runId: string; figures: Figures }>;

/** The event's name for a run that has come to a step. */
export function eventOf(step: Step): string {
  return `reconciliation.${step === 'closed' ? 'completed' : step}`;
}

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
    occurredAt,
    payload: { runId, figures },
  };
}
