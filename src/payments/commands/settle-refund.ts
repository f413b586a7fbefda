import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import { endLease, type KeyScope, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import type { Uuid } from '../../kernel/ids.js';
import { refundsTotal } from '../../kernel/observability/metrics.js';
import { Database } from '../../kernel/postgres/database.js';
import { CommitUnknown, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { PaymentAnswer } from '../domain/answer.js';
import type { BegunPayment } from '../domain/payment.js';
import type { Refund, RefundOutcome } from '../domain/refund.js';
import { refundAnswer } from '../domain/refund-answer.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentRecorder } from '../infra/payment-recorder.js';
import { type KnownPayment, PaymentStreams } from '../infra/payment-streams.js';
import {
  parseRefund,
  readRefund,
  refundOnItsWay,
  refundOperation,
  type RefundRow,
  refundUnknown,
} from '../infra/refund-rows.js';

const ATTEMPTS = 40;

export interface SettledRefund {
  readonly payment: BegunPayment;
  readonly refund: Refund;
  readonly answer: PaymentAnswer;
  readonly outcome: RefundOutcome | null;
}

/**
 * Brings a refund to what the provider says of it. Everything that learns of an outcome sends this
 * command: the request itself, its repetition, the janitor, the review of the provider's list.
 * Refuses `NOT_FOUND`; repeating it is a success that changes nothing.
 */
export class SettleRefund extends Command<SettledRefund | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly paymentId: Uuid,
    readonly refundId: Uuid,
    readonly known: {
      /** What the provider answered just now; asked for when absent. */
      readonly outcome?: RefundOutcome;
      readonly correlationId?: string | null;
    } = {},
  ) {
    super();
  }
}

@CommandHandler(SettleRefund)
export class SettleRefundHandler implements ICommandHandler<SettleRefund> {
  constructor(
    private readonly database: Database,
    private readonly streams: PaymentStreams,
    private readonly recorder: PaymentRecorder,
    private readonly provider: PaymentProvider,
    private readonly clock: Clock,
  ) {}

  async execute(command: SettleRefund): Promise<SettledRefund | Refusal> {
    const { tenantId, paymentId, refundId, known } = command;
    let outcome = known.outcome ?? null;
    for (let attempt = 1; ; attempt++) {
      const before = await this.streams.find(tenantId, paymentId);
      const [found] = await this.database.read(tenantId, [readRefund(tenantId, refundId)]);
      const row = parseRefund(tenantId, found);
      const refund = before?.payment.refunds[refundId];
      if (!before || !refund || !row) {
        return refuse('NOT_FOUND', 'There is no such refund.');
      }
      if (refund.status === 'pending') outcome ??= await this.ask(before.payment, refund, row);
      try {
        return await this.record(command, before, refund, row, outcome);
      } catch (error) {
        const overtaken =
          error instanceof CommitUnknown || failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private ask(payment: BegunPayment, { terms }: Refund, row: RefundRow): Promise<RefundOutcome> {
    if (terms.origin === 'provider' && row.reference === null) {
      // Made there, not by us: asking again would pay it a second time.
      return Promise.resolve({ kind: 'unknown', reason: 'the provider has not named it' });
    }
    const operation = refundOperation(payment, terms, row.askedAt);
    return this.provider.findRefund(payment.sale, operation, row.reference);
  }

  private async record(
    { tenantId, refundId, known: sent }: SettleRefund,
    before: KnownPayment,
    refund: Refund,
    { scope, request }: RefundRow,
    outcome: RefundOutcome | null,
  ): Promise<SettledRefund | Refusal> {
    const settled = (payment: BegunPayment, at: Date): SettledRefund => {
      const now = payment.refunds[refundId] ?? refund;
      const answer = refundAnswer(payment, now, { ...request, at }, outcome ?? undefined);
      return { payment, refund: now, answer, outcome };
    };
    if (!outcome) {
      // Somebody else has heard of it: the request's key still waits for its answer.
      const known = settled(before.payment, this.clock.now());
      const statements = keyStatements(scope, known.answer);
      if (statements.length > 0) await this.database.transact(tenantId, statements);
      return known;
    }
    const recorded = await this.recorder.record(
      before,
      [{ type: 'RecordRefund', refundId, outcome }],
      {
        correlationId: sent.correlationId ?? null,
        meanwhile: () => failpoint('refund.in_finalize'),
        also: ({ payment, at }) => keyStatements(scope, settled(payment, at).answer),
      },
    );
    if (isRefusal(recorded)) return recorded;
    const result = settled(recorded.payment, recorded.at);
    if (recorded.events.length > 0) {
      refundsTotal.inc({ status: result.refund.status });
      return result;
    }
    await this.database.transact(tenantId, [
      ...stillOpen(tenantId, result),
      ...keyStatements(scope, result.answer),
    ]);
    return result;
  }
}

/** Stores the final answer under the request's key, or sets the key free to ask again. */
function keyStatements(scope: KeyScope | null, answer: PaymentAnswer): Statement[] {
  if (!scope) return [];
  if (!answer.final) return [endLease(scope)];
  return [storeAnswer(scope, { status: answer.status, body: JSON.stringify(answer.body) })];
}

function stillOpen(tenantId: Uuid, { refund, outcome }: SettledRefund): Statement[] {
  if (refund.status !== 'pending' || !outcome) return [];
  const { refundId } = refund.terms;
  if (outcome.kind === 'pending') return [refundOnItsWay(tenantId, refundId, outcome)];
  if (outcome.kind !== 'unknown') return [];
  return [refundUnknown(tenantId, refundId, outcome.retryAfterSeconds)];
}
