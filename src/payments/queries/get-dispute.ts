import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { fold } from '../../kernel/decider/decider.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { StoredEvent } from '../../kernel/event-store/event-store.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { GetJournals, type PostedJournal } from '../../ledger/ledger.contract.js';
import { type DisputeCase, disputeCase as decider } from '../domain/dispute-case.js';
import { DISPUTE_JOURNALS, lossAddedJournalId } from '../domain/dispute-postings.js';
import type { BegunPayment } from '../domain/payment.js';
import { asEvent, DisputeCases } from '../infra/dispute-cases.js';
import { PaymentStreams } from '../infra/payment-streams.js';

/** A dispute with all that belongs to it. */
export interface DisputeDetails {
  readonly id: Uuid;
  readonly dispute: DisputeCase;
  readonly payment: BegunPayment;
  readonly history: readonly StoredEvent[];
  /** The postings that it caused so far, in order; an inquiry causes none. */
  readonly journals: readonly PostedJournal[];
}

/** One dispute, for the venue's owner and managers and administrators; `NOT_FOUND` for others. */
export class GetDispute extends Query<DisputeDetails | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly disputeId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetDispute)
export class GetDisputeHandler implements IQueryHandler<GetDispute> {
  constructor(
    private readonly cases: DisputeCases,
    private readonly streams: PaymentStreams,
    private readonly queries: QueryBus,
  ) {}

  async execute({ principal, disputeId }: GetDispute): Promise<DisputeDetails | Refusal> {
    const { tenantId } = principal;
    const id = disputeId.toLowerCase();
    const history = await this.cases.history(tenantId, id);
    const dispute = fold(decider, history.map(asEvent));
    if (dispute.status === 'NONE' || !manages(principal, dispute.venueId)) return NO_DISPUTE;
    const [{ payment }, journals] = await Promise.all([
      this.streams.load(tenantId, dispute.paymentId),
      this.queries.execute(new GetJournals(tenantId, dispute.paymentId)),
    ]);
    if (payment.status === 'NONE') return NO_DISPUTE;
    const own = new Set([
      ...Object.values(DISPUTE_JOURNALS).map((name) => derivedId(id, name)),
      ...Object.keys(payment.refunds).map((refundId) => lossAddedJournalId(id, refundId)),
    ]);
    const caused = journals.filter((journal) => own.has(journal.id));
    return { id, dispute, payment, history, journals: caused };
  }
}

const NO_DISPUTE = refuse('NOT_FOUND', 'There is no such dispute.');
