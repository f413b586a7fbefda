import type { Step } from './domain/run.js';
import { runAdvanced } from './reconciliation.contract.js';
import { reconciliationSaga } from './reconciliation.saga.js';

const RUN = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const told = (step: Step) => ({
  ...runAdvanced(RUN, step, {}, new Date(0)),
  tenantId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22',
});
const react = (step: Step, reached: readonly string[] = []) =>
  reconciliationSaga.react({ reached }, told(step));

describe('a run', () => {
  it.each([
    ['requested', 'reconciliation.import_lines'],
    ['imported', 'reconciliation.match_lines'],
    ['matched', 'reconciliation.settle_stale'],
    ['settled', 'reconciliation.close_run'],
  ] as const)('that is %s calls for %s', (step, type) => {
    expect(react(step)).toMatchObject({ commands: [{ type, payload: { runId: RUN } }] });
  });

  it('that is completed calls for nothing', () => {
    expect(react('closed')).toMatchObject({ commands: [] });
  });

  it('calls once for each step, however often it is told', () => {
    expect(react('imported', ['reconciliation.imported'])).toHaveProperty('ignore');
  });

  it('tells each step under one id, and is one instance', () => {
    expect(told('closed').id).toBe(told('closed').id);
    expect(told('closed').id).not.toBe(told('settled').id);
    expect(told('closed').type).toBe('reconciliation.completed');
    expect(reconciliationSaga.keyOf(told('closed'))).toBe(RUN);
  });
});
