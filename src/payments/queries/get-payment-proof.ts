import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { GetJournals, type PostedJournal } from '../../ledger/ledger.contract.js';
import { cashOut } from '../domain/given-back.js';
import type { BegunPayment } from '../domain/payment.js';
import { feesView } from '../domain/views.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { maySee } from './may-see.js';

export interface PaymentProof {
  readonly payment: BegunPayment;
  readonly fees: ReturnType<typeof feesView>;
  readonly journals: readonly PostedJournal[];
  /** What every posting of every journal comes to, per currency: zero, or the book is wrong. */
  readonly sums: Readonly<Record<string, number>>;
  /**
   * The provider's clearing account holds exactly what was captured, less what went back and what
   * a bank has taken. The provider's own charges stand apart.
   */
  readonly clearingEqualsCaptured: boolean;
}

/** Every posting of a payment, and that they balance. Refuses `NOT_FOUND` like every reading. */
export class GetPaymentProof extends Query<PaymentProof | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly paymentId: Uuid,
  ) {
    super();
  }
}

/** What the provider takes for itself. */
const PROVIDER_CHARGES = new Set(['processing_cost', 'dispute_fee']);

@QueryHandler(GetPaymentProof)
export class GetPaymentProofHandler implements IQueryHandler<GetPaymentProof> {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly queries: QueryBus,
  ) {}

  async execute({ principal, paymentId }: GetPaymentProof): Promise<PaymentProof | Refusal> {
    const { tenantId } = principal;
    const { payment } = await this.streams.load(tenantId, paymentId);
    if (payment.status === 'NONE' || !maySee(principal, payment.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    const journals = await this.queries.execute(new GetJournals(tenantId, paymentId));
    const ours = journals.filter(({ kind }) => !PROVIDER_CHARGES.has(kind));
    const clearing = sumOf(ours, (account) => account.endsWith(':clearing'));
    const currencies = new Set([payment.sale.price.currency, ...journals.map((j) => j.currency)]);
    return {
      payment,
      fees: feesView(payment.sale.price),
      journals,
      sums: Object.fromEntries(
        [...currencies].map((currency) => [
          currency,
          sumOf(
            journals.filter((journal) => journal.currency === currency),
            () => true,
          ),
        ]),
      ),
      clearingEqualsCaptured: clearing === payment.capturedCents - cashOut(payment),
    };
  }
}

function sumOf(journals: readonly PostedJournal[], counts: (account: string) => boolean): number {
  const amounts = journals
    .flatMap((journal) => journal.postings)
    .filter((posting) => counts(posting.account))
    .map((posting) => posting.amount);
  return Number(amounts.reduce((sum, amount) => sum + amount, 0n));
}
