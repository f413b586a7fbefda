import type { Decider } from '../../kernel/decider/decider.js';
import { assertNever, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { DisputeStatus, ProviderDispute } from './dispute.js';
import type { DisputeEvent, DisputeFacts, DisputeIdentity } from './dispute-case-events.js';
import { follows, isClosed, needsResponse } from './dispute-case-states.js';
import { type Evidence, lengthOf, LONGEST_EVIDENCE } from './dispute-evidence.js';

/** No dispute that we know of, or one with its evidence. */
export type Dispute = { readonly status: 'NONE' } | DisputeCase;

export interface DisputeCase extends DisputeIdentity, DisputeFacts {
  readonly status: DisputeStatus;
  /** Every evidence that was sent, by the operation that sent it. */
  readonly drafts: Readonly<Record<Uuid, Draft>>;
  /** The latest of them. */
  readonly evidence: Evidence | null;
  readonly submission: Submission | null;
}

export interface Draft {
  readonly evidence: Evidence;
  /** Is it to be what the bank gets in the dispute's present stage? */
  readonly submits: boolean;
}

export interface Submission {
  readonly operationId: Uuid;
  readonly evidence: Evidence;
  readonly at: string;
}

export type DisputeCommand =
  | {
      readonly type: 'Sync';
      readonly found: ProviderDispute;
      readonly owner: Pick<DisputeIdentity, 'paymentId' | 'venueId' | 'provider'>;
      /** Was it asked for after the state that this is decided on was loaded? */
      readonly confirmed: boolean;
      readonly at: string;
    }
  | {
      readonly type: 'DraftEvidence';
      readonly operationId: Uuid;
      readonly evidence: Evidence;
      readonly submits: boolean;
      readonly at: string;
    }
  | { readonly type: 'ConfirmSubmission'; readonly operationId: Uuid; readonly at: string };

type SyncCommand = Extract<DisputeCommand, { type: 'Sync' }>;
type DraftCommand = Extract<DisputeCommand, { type: 'DraftEvidence' }>;

function decide(command: DisputeCommand, state: Dispute): readonly DisputeEvent[] | Refusal {
  if (command.type === 'Sync') return sync(command, state);
  if (state.status === 'NONE') return refuse('NOT_FOUND', 'There is no such dispute.');
  switch (command.type) {
    case 'DraftEvidence':
      return draft(command, state);
    case 'ConfirmSubmission':
      return submitted(command.operationId, command.at, state);
    default:
      return assertNever(command);
  }
}

/**
 * Refuses `CONFLICT` what does not follow from what is known, unless it was asked for after that:
 * it may be the older of the two.
 */
function sync(
  { found, owner, confirmed, at }: SyncCommand,
  state: Dispute,
): readonly DisputeEvent[] | Refusal {
  if (state.status === 'NONE') {
    const { reference, status, createdAt: openedAt } = found;
    const facts = { ...owner, reference, openedAt, ...factsOf(found), status };
    return [{ type: 'dispute.received', ...facts }, ...end(status)];
  }
  const handedIn = found.submittedBy ? submitted(found.submittedBy, at, state) : [];
  const { status: from } = state;
  const moved = from !== found.status;
  const revised = JSON.stringify(factsOf(state)) !== JSON.stringify(factsOf(found));
  if (!moved && !revised) return handedIn;
  if (!confirmed && !follows(from, found.status)) {
    return refuse('CONFLICT', `What is known of the dispute may be newer: it is ${from}.`);
  }
  const changes: DisputeEvent[] = [...handedIn];
  if (revised) changes.push({ type: 'dispute.revised', ...factsOf(found) });
  if (moved) changes.push({ type: 'dispute.status_changed', from, to: found.status });
  return moved ? [...changes, ...end(found.status)] : changes;
}

function draft(
  { operationId, evidence, submits, at }: DraftCommand,
  state: DisputeCase,
): readonly DisputeEvent[] | Refusal {
  const closed = closedToEvidence(state, at);
  if (closed) return refuse('DISPUTE_CLOSED', closed);
  const tooLong = lengthOf(evidence) > LONGEST_EVIDENCE;
  if (tooLong || Object.keys(evidence).length === 0) {
    const message = tooLong
      ? `must not be longer than ${LONGEST_EVIDENCE} characters together`
      : 'must not be empty';
    return refuse('VALIDATION_ERROR', 'Validation failed', {
      errors: [{ field: 'evidence', message }],
    });
  }
  return [{ type: 'dispute.evidence_drafted', operationId, submits, evidence }];
}

/** Why a dispute takes no evidence at an instant (ISO 8601); null when it does. */
export function closedToEvidence(
  { status, submission, evidenceDueBy }: DisputeCase,
  at: string,
): string | null {
  if (isClosed(status)) return `The dispute is closed: it is ${status}.`;
  if (submission || !needsResponse(status)) {
    return 'Evidence was submitted already; the bank takes it once.';
  }
  if (evidenceDueBy !== null && Date.parse(at) > Date.parse(evidenceDueBy)) {
    return `The deadline for evidence was ${evidenceDueBy}.`;
  }
  return null;
}

/** Is somebody still to hand in evidence? */
export function awaitsEvidence(state: Dispute): boolean {
  return state.status !== 'NONE' && state.submission === null && needsResponse(state.status);
}

function submitted(
  operationId: Uuid,
  at: string,
  { drafts, submission }: DisputeCase,
): readonly DisputeEvent[] {
  const draft = drafts[operationId];
  if (!draft?.submits || submission) return [];
  return [{ type: 'dispute.evidence_submitted', operationId, evidence: draft.evidence, at }];
}

function end(status: DisputeStatus): readonly DisputeEvent[] {
  return isClosed(status) ? [{ type: 'dispute.closed', status }] : [];
}

function factsOf(source: DisputeFacts): DisputeFacts {
  const { amountCents, feeCents, currency, reason, evidenceDueBy } = source;
  return { amountCents, feeCents, currency, reason, evidenceDueBy };
}

function evolve(state: Dispute, event: DisputeEvent): Dispute {
  if (event.type === 'dispute.received') {
    const { type: _, ...facts } = event;
    return { ...facts, drafts: {}, evidence: null, submission: null };
  }
  if (state.status === 'NONE') throw new Error(`${event.type} before dispute.received`);
  switch (event.type) {
    case 'dispute.status_changed':
      return { ...state, ...(needsResponse(event.to) && askedAnew(state)), status: event.to };
    case 'dispute.revised':
      return { ...state, ...factsOf(event) };
    case 'dispute.evidence_drafted': {
      const { operationId, evidence, submits } = event;
      return {
        ...state,
        evidence,
        drafts: { ...state.drafts, [operationId]: { evidence, submits } },
      };
    }
    case 'dispute.evidence_submitted': {
      const { operationId, evidence, at } = event;
      return { ...state, evidence, submission: { operationId, evidence, at } };
    }
    case 'dispute.closed':
      return { ...state, status: event.status };
    default:
      return assertNever(event);
  }
}

/** An inquiry that became a dispute takes evidence again: what was handed in before is over. */
function askedAnew({ drafts }: DisputeCase): Pick<DisputeCase, 'drafts' | 'submission'> {
  const over = Object.entries(drafts).map(([id, draft]) => [id, { ...draft, submits: false }]);
  return { submission: null, drafts: Object.fromEntries(over) as DisputeCase['drafts'] };
}

/** The dispute as a case to answer; the money it moves is the payment's. */
export const disputeCase: Decider<Dispute, DisputeCommand, DisputeEvent> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};
