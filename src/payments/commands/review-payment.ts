import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AppError, isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import type { Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { openItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { CommitUnknown, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { type BegunPayment, isSettled, type PaymentCommand } from '../domain/payment.js';
import type { ProviderRefund } from '../domain/refund.js';
import { PaymentProvider, type ProviderRecord } from '../infra/payment-provider.js';
import { PaymentRecorder } from '../infra/payment-recorder.js';
import { type KnownPayment, PaymentStreams } from '../infra/payment-streams.js';
import { AMOUNT_DIFFERS } from '../infra/settlement.js';
import { SettlePayment } from './settle-payment.js';
import { SettleRefund } from './settle-refund.js';
import { SyncDispute } from './sync-dispute.js';

const ATTEMPTS = 10;

/**
 * Brings a payment to everything that the provider holds about it: the charge, every refund (also
 * one made in the provider's own dashboard) and every dispute. What is fetched is the current
 * state, so that no order, copy or delay of the messages that led here changes the end. Refuses
 * `NOT_FOUND`, and `PROVIDER_UNAVAILABLE` when the provider cannot be asked.
 */
export class ReviewPayment extends Command<BegunPayment | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly paymentId: Uuid,
    /** The provider's reference of the charge, when the sender has it from the provider. */
    readonly reference: string | null = null,
  ) {
    super();
  }
}

/** The charge comes first: without it nothing else about the payment can be told. */
function unresolved(reason: string): Refusal {
  if (reason === AMOUNT_DIFFERS) return refuse('CONFLICT', reason);
  return refuse('PROVIDER_UNAVAILABLE', 'The provider could not be asked.');
}

@CommandHandler(ReviewPayment)
export class ReviewPaymentHandler implements ICommandHandler<ReviewPayment> {
  constructor(
    private readonly commands: CommandBus,
    private readonly streams: PaymentStreams,
    private readonly recorder: PaymentRecorder,
    private readonly provider: PaymentProvider,
    private readonly database: Database,
  ) {}

  async execute({ tenantId, paymentId, reference }: ReviewPayment) {
    const settled = await this.commands.execute(
      new SettlePayment(tenantId, paymentId, reference === null ? {} : { reference }),
    );
    if (isRefusal(settled)) return settled;
    const { payment, outcome } = settled;
    if (outcome?.kind === 'unknown') return unresolved(outcome.reason);
    if (!isSettled(payment.status) || payment.reference === null) return payment;
    const record = await this.provider.review(payment.reference);
    if (!record) return refuse('PROVIDER_UNAVAILABLE', 'The provider could not be asked.');
    return this.record(payment, record);
  }

  private async record(
    known: BegunPayment,
    { refunds, disputes }: ProviderRecord,
  ): Promise<BegunPayment | Refusal> {
    const { tenantId, paymentId } = known.sale;
    let payment: BegunPayment | Refusal = known;
    const commands: PaymentCommand[] = [
      ...refunds.map((found) => ({ type: 'ImportRefund', found }) as const),
      ...disputes.map((found) => ({ type: 'RecordDispute', found }) as const),
    ];
    for (const command of commands) {
      payment = await this.one(tenantId, paymentId, command);
      if (isRefusal(payment)) return payment;
    }
    for (const found of disputes) {
      const synced = await this.commands.execute(new SyncDispute(tenantId, paymentId, found));
      if (isRefusal(synced)) return synced;
    }
    return payment;
  }

  private async one(
    tenantId: Uuid,
    paymentId: Uuid,
    command: PaymentCommand,
  ): Promise<BegunPayment | Refusal> {
    for (let attempt = 1; ; attempt++) {
      const known = await this.streams.find(tenantId, paymentId);
      if (!known) return refuse('NOT_FOUND', 'There is no such payment.');
      try {
        return await this.recordOne(known, command);
      } catch (error) {
        const overtaken =
          error instanceof CommitUnknown || failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async recordOne(
    known: KnownPayment,
    command: PaymentCommand,
  ): Promise<BegunPayment | Refusal> {
    if (command.type === 'ImportRefund') {
      const { sale, refunds } = known.payment;
      const { refundId, outcome } = command.found;
      // Somebody waits for its answer, which is kept together with what it says.
      if (refundId !== null && refunds[refundId]?.status === 'pending') {
        const settled = await this.commands.execute(
          new SettleRefund(sale.tenantId, sale.paymentId, refundId, { outcome }),
        );
        return isRefusal(settled) ? settled : settled.payment;
      }
    }
    const recorded = await this.recorder.record(known, [command], {
      correlationId: null,
      meanwhile: () => failpoint('review.in_finalize'),
    });
    if (!isRefusal(recorded)) return recorded.payment;
    if (command.type !== 'ImportRefund') throw AppError.from(recorded);
    await this.ask(known.payment, command.found, recorded.message);
    return known.payment;
  }

  /** More went back than was left: only a person can say what that was. */
  private async ask({ sale }: BegunPayment, found: ProviderRefund, cause: string): Promise<void> {
    await this.database.transact(sale.tenantId, [
      openItem(sale.tenantId, {
        kind: 'refund_unbooked',
        subjectType: 'provider_refund',
        subjectId: found.reference,
        cause: `The provider paid back what our books do not let back: ${cause}`,
        atRisk: { cents: toCents(found.amountCents), currency: found.currency },
        details: { paymentId: sale.paymentId, amountCents: found.amountCents },
      }),
    ]);
  }
}
