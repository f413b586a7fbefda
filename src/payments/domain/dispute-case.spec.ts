import * as fc from 'fast-check';
import { fold } from '../../kernel/decider/decider.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { DISPUTE_STATES, type DisputeStatus, type ProviderDispute } from './dispute.js';
import { awaitsEvidence, type Dispute, disputeCase, type DisputeCommand } from './dispute-case.js';
import type { DisputeEvent } from './dispute-case-events.js';
import { DISPUTE_FOLLOWS, follows, isClosed, needsResponse } from './dispute-case-states.js';
import { LONGEST_EVIDENCE, overridden } from './dispute-evidence.js';

const AT = '2026-01-12T10:00:00.000Z';
const DUE = '2026-01-21T23:59:59.000Z';
const owner = { paymentId: newId(), venueId: newId(), provider: 'stripe' };
const operationId = newId();
const evidence = { uncategorized_text: 'They were there.' };

const found = (over: Partial<ProviderDispute> = {}): ProviderDispute => ({
  reference: 'du_1',
  amountCents: 11_845,
  currency: 'USD',
  reason: 'fraudulent',
  status: 'needs_response',
  feeCents: 1_500,
  evidenceDueBy: DUE,
  submissions: 0,
  submittedBy: null,
  createdAt: AT,
  ...over,
});
const sync = (over: Partial<ProviderDispute> = {}, confirmed = false): DisputeCommand => ({
  type: 'Sync',
  found: found(over),
  owner,
  confirmed,
  at: AT,
});
const draft = (over: object = {}): DisputeCommand => ({
  type: 'DraftEvidence',
  operationId,
  evidence,
  submits: true,
  at: AT,
  ...over,
});
const confirm: DisputeCommand = { type: 'ConfirmSubmission', operationId, at: AT };

function decided(command: DisputeCommand, state: Dispute): readonly DisputeEvent[] {
  const events = disputeCase.decide(command, state);
  if (isRefusal(events)) throw new Error(events.refused);
  return events;
}
const refusal = (command: DisputeCommand, state: Dispute) =>
  (disputeCase.decide(command, state) as Refusal).refused;
const after = (...commands: DisputeCommand[]): Dispute =>
  commands.reduce<Dispute>(
    (state, command) => fold(disputeCase, decided(command, state), state),
    disputeCase.initial,
  );
const types = (events: readonly DisputeEvent[]) => events.map(({ type }) => type);

describe('what the provider says', () => {
  it.each(DISPUTE_STATES)('is received in whatever state it is met first: %s', (status) => {
    const events = decided(sync({ status }), disputeCase.initial);
    expect(types(events)).toEqual([
      'dispute.received',
      ...(isClosed(status) ? ['dispute.closed'] : []),
    ]);
    expect(after(sync({ status }))).toMatchObject({ status, ...owner, reference: 'du_1' });
  });

  it('changes nothing when it is known', () => {
    for (const status of DISPUTE_STATES) {
      expect(decided(sync({ status }), after(sync({ status })))).toEqual([]);
    }
  });

  const pairs = DISPUTE_STATES.flatMap((from) => DISPUTE_STATES.map((to) => [from, to] as const));

  it.each(pairs.filter(([from, to]) => from !== to))(
    'from %s to %s: at once where it follows, else only when asked for again',
    (from, to) => {
      const state = after(sync({ status: from }));
      const changes = [
        { type: 'dispute.status_changed', from, to },
        ...(isClosed(to) ? [{ type: 'dispute.closed', status: to }] : []),
      ];
      expect(decided(sync({ status: to }, true), state)).toEqual(changes);
      if (follows(from, to)) expect(decided(sync({ status: to }), state)).toEqual(changes);
      else expect(refusal(sync({ status: to }), state)).toBe('CONFLICT');
    },
  );

  it('with another amount, fee or deadline revises what is known, once asked for again', () => {
    const state = after(sync({ feeCents: 0 }));
    expect(refusal(sync(), state)).toBe('CONFLICT');
    expect(types(decided(sync({}, true), state))).toEqual(['dispute.revised']);
    const escalated = sync({ status: 'under_review', feeCents: 2_000 });
    expect(fold(disputeCase, decided(escalated, state), state)).toMatchObject({
      status: 'under_review',
      feeCents: 2_000,
    });
  });

  it('never lets readings in whatever order undo a later state of the same dispute', () => {
    const life: DisputeStatus[] = [
      'warning_needs_response',
      'needs_response',
      'under_review',
      'won',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(life, { minLength: 1 }), (readings) => {
        let state: Dispute = disputeCase.initial;
        for (const status of readings) {
          const events = disputeCase.decide(sync({ status }), state);
          if (!isRefusal(events)) state = fold(disputeCase, events, state);
        }
        const latest = Math.max(...readings.map((status) => life.indexOf(status)));
        expect(state.status).toBe(life[latest]);
      }),
    );
  });
});

describe('the table of states', () => {
  it('leads nowhere from a decision, and never back', () => {
    expect(DISPUTE_FOLLOWS.won).toEqual([]);
    expect(DISPUTE_FOLLOWS.lost).toEqual([]);
    for (const from of DISPUTE_STATES) {
      for (const to of DISPUTE_FOLLOWS[from])
        expect([from, to, follows(to, from)]).toEqual([from, to, false]);
    }
  });
});

describe('evidence', () => {
  it.each(DISPUTE_STATES)('in %s is taken only while the bank waits for it', (status) => {
    const state = after(sync({ status }));
    expect(awaitsEvidence(state)).toBe(needsResponse(status));
    if (needsResponse(status)) {
      expect(decided(draft(), state)).toEqual([
        { type: 'dispute.evidence_drafted', operationId, submits: true, evidence },
      ]);
    } else expect(refusal(draft(), state)).toBe('DISPUTE_CLOSED');
  });

  it('is taken until the last moment, and not after it', () => {
    const state = after(sync());
    expect(types(decided(draft({ at: DUE }), state))).toEqual(['dispute.evidence_drafted']);
    expect(refusal(draft({ at: '2026-01-22T00:00:00.000Z' }), state)).toBe('DISPUTE_CLOSED');
    const without = after(sync({ evidenceDueBy: null }));
    expect(types(decided(draft({ at: '2030-01-01T00:00:00.000Z' }), without))).toHaveLength(1);
  });

  it('may be neither empty nor too long', () => {
    const state = after(sync());
    expect(refusal(draft({ evidence: {} }), state)).toBe('VALIDATION_ERROR');
    const long = { uncategorized_text: 'x'.repeat(LONGEST_EVIDENCE) };
    expect(types(decided(draft({ evidence: long }), state))).toHaveLength(1);
    const longer = { ...long, service_date: 'x' };
    expect(refusal(draft({ evidence: longer }), state)).toBe('VALIDATION_ERROR');
  });

  it('is handed in once, confirmed by our call or by the provider, whichever comes first', () => {
    const drafted = after(sync(), draft());
    const submitted = after(sync(), draft(), confirm);
    expect(submitted).toMatchObject({ submission: { operationId, evidence, at: AT } });
    expect(awaitsEvidence(submitted)).toBe(false);
    expect(refusal(draft({ operationId: newId() }), submitted)).toBe('DISPUTE_CLOSED');
    expect(decided(confirm, submitted)).toEqual([]);
    const told = sync({ status: 'under_review', submittedBy: operationId });
    expect(types(decided(told, drafted))).toEqual([
      'dispute.evidence_submitted',
      'dispute.status_changed',
    ]);
    expect(types(decided(told, submitted))).toEqual(['dispute.status_changed']);
  });

  it('that was only drafted is not handed in by a confirmation', () => {
    expect(decided(confirm, after(sync(), draft({ submits: false })))).toEqual([]);
    expect(decided(confirm, after(sync()))).toEqual([]);
  });

  it('is wanted anew when an inquiry becomes a dispute', () => {
    const inquiry = sync({ status: 'warning_needs_response' });
    const escalated = after(inquiry, draft(), confirm, sync());
    expect(awaitsEvidence(escalated)).toBe(true);
    expect(decided(confirm, escalated)).toEqual([]);
    expect(types(decided(draft({ operationId: newId() }), escalated))).toHaveLength(1);
  });

  it('of nothing is refused', () => {
    expect(refusal(draft(), disputeCase.initial)).toBe('NOT_FOUND');
    expect(refusal(confirm, disputeCase.initial)).toBe('NOT_FOUND');
    expect(() =>
      disputeCase.evolve(disputeCase.initial, { type: 'dispute.closed', status: 'won' }),
    ).toThrow();
  });

  it('is written over field by field, and an empty text takes one out', () => {
    const base = { product_description: 'Two tickets', service_date: '2027-05-31' };
    expect(overridden(base, { service_date: '', uncategorized_text: 'More' })).toEqual({
      product_description: 'Two tickets',
      uncategorized_text: 'More',
    });
  });
});
