import { z } from 'zod';
import type { EventType } from '../../kernel/outbox/index.js';
import type { Step } from './run.js';

const count = () => z.int().min(0).optional();

const balance = z.strictObject({
  currency: z.string(),
  providerCents: z.int(),
  ledgerCents: z.int(),
  differenceCents: z.int().describe('The provider’s less the ledger’s'),
  explainedCents: z.int().describe('What the open differences explain of it'),
});

const advanced = z.strictObject({
  runId: z.guid(),
  figures: z
    .strictObject({
      linesImported: count(),
      paymentsRebuilt: count(),
      costsBooked: count(),
      paymentsReviewed: count(),
      stalesAsked: count(),
      outboxRetried: count(),
      itemsClosed: count(),
      opened: count(),
      resolved: count(),
      open: count(),
      balances: z.array(balance).optional(),
    })
    .describe('What the run has done and found so far'),
});

const WHAT: Readonly<Record<Step, string>> = {
  requested: 'A reconciliation has begun',
  imported: 'A reconciliation has the provider’s lines',
  matched: 'A reconciliation has matched them with the ledger',
  settled: 'A reconciliation has asked for what had waited too long',
  closed: 'A reconciliation has ended; its figures say with what result',
};

const EXAMPLE = { runId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b51', figures: { linesImported: 42 } };

/** The event's name for a run that has come to a step. */
export function eventOf(step: Step): string {
  return `reconciliation.${step === 'closed' ? 'completed' : step}`;
}

/** Every integration event of reconciliation. Another shape is another version. */
export const RECONCILIATION_EVENTS: readonly EventType[] = (Object.keys(WHAT) as Step[]).map(
  (step) => ({
    type: eventOf(step),
    version: 1,
    description: `${WHAT[step]}. Once a run.`,
    payload: advanced,
    example: EXAMPLE,
  }),
);
