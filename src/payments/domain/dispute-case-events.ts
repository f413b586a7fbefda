import type { Uuid } from '../../kernel/ids.js';
import type { DisputeStatus } from './dispute.js';
import type { Evidence } from './dispute-evidence.js';

/** What the provider says of a dispute beside its state; amounts in cents, instants ISO 8601. */
export interface DisputeFacts {
  readonly amountCents: number;
  readonly feeCents: number;
  readonly currency: string;
  readonly reason: string;
  /** When evidence has to be in; null where none is taken. */
  readonly evidenceDueBy: string | null;
}

/** Whose dispute it is, fixed when we first hear of it. */
export interface DisputeIdentity {
  readonly paymentId: Uuid;
  readonly venueId: Uuid;
  readonly provider: string;
  /** The provider's reference of the dispute. */
  readonly reference: string;
  readonly openedAt: string;
}

/** Everything that can happen to a dispute; stored under these dotted names. */
export type DisputeEvent =
  | ({ readonly type: 'dispute.received'; readonly status: DisputeStatus } & DisputeFacts &
      DisputeIdentity)
  | {
      readonly type: 'dispute.status_changed';
      readonly from: DisputeStatus;
      readonly to: DisputeStatus;
    }
  /** Another amount, fee, reason or deadline than before. */
  | ({ readonly type: 'dispute.revised' } & DisputeFacts)
  | {
      readonly type: 'dispute.evidence_drafted';
      /** Our id of the call to the provider; the provider's key derives from it. */
      readonly operationId: Uuid;
      /** Is it handed in with the same call? */
      readonly submits: boolean;
      readonly evidence: Evidence;
    }
  | {
      readonly type: 'dispute.evidence_submitted';
      readonly operationId: Uuid;
      readonly evidence: Evidence;
      readonly at: string;
    }
  | { readonly type: 'dispute.closed'; readonly status: DisputeStatus };

/** The version each event is written in. */
export const DISPUTE_EVENT_VERSION = 1;
