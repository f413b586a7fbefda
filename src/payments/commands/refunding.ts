import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Actor, audit } from '../../kernel/audit/index.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { AppError, isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { claimKey, type KeyScope, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { RefundWish } from '../domain/draw-up-refund.js';
import type { BegunPayment } from '../domain/payment.js';
import type { GiveBackPolicy } from '../domain/refund.js';
import { refundAnswer } from '../domain/refund-answer.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentRecorder, type Recorded } from '../infra/payment-recorder.js';
import { type KnownPayment, PaymentStreams } from '../infra/payment-streams.js';
import { type AskingRequest, refundAskedBy, refundOperation } from '../infra/refund-rows.js';
import { KeyedRequests } from './keyed-requests.js';
import { SettleRefund } from './settle-refund.js';

/** A refund that somebody asks for. */
export interface RefundRequest extends RefundWish {
  readonly paymentId: Uuid;
  readonly scope: KeyScope;
  readonly request: AskingRequest;
  readonly actor: Actor;
  readonly origin: 'request' | 'cancellation';
  readonly reason: string | null;
  readonly correlationId: string | null;
  /** May they have it? Refuses otherwise. */
  readonly admit: (payment: BegunPayment) => Refusal | null;
  /** What of the fees goes back. */
  readonly policy: (payment: BegunPayment) => GiveBackPolicy;
}

/** Twenty people may refund one payment at once: each waits for a turn. */
const ATTEMPTS = 40;
const TURN_MS = 20;

/**
 * The one recipe of every refund: decide and commit it with its postings, ask the provider, record
 * the outcome. A crash anywhere leaves a row from which the next request with the key, the webhook
 * or the janitor goes on.
 */
@Injectable()
export class Refunding {
  constructor(
    private readonly keyed: KeyedRequests,
    private readonly streams: PaymentStreams,
    private readonly recorder: PaymentRecorder,
    private readonly provider: PaymentProvider,
    private readonly commands: CommandBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute(request: RefundRequest): Promise<Answer | Refusal> {
    const { scope, paymentId, amountCents, ticketIds, reason } = request;
    return this.keyed.execute({
      scope,
      body: { paymentId, amountCents, ticketIds, reason },
      begin: (hash) => this.begin(request, hash),
      goOn: (refundId) => this.settle(scope, new SettleRefund(scope.tenantId, paymentId, refundId)),
    });
  }

  private async begin(request: RefundRequest, hash: string): Promise<Answer | Refusal> {
    const refundId = newId();
    const recorded = await this.commit(request, hash, refundId);
    if (isRefusal(recorded)) return recorded;
    const refund = recorded.payment.refunds[refundId];
    if (!refund) throw new Error(`refund ${refundId} was not recorded`);
    if (refund.status !== 'pending') {
      const { status, body } = refundAnswer(recorded.payment, refund, {
        ...request.request,
        at: recorded.at,
      });
      return Answer.of(status, body);
    }
    await failpoint('refund.after_intent');
    const { sale } = recorded.payment;
    const outcome = await this.provider.refund(
      sale,
      refundOperation(recorded.payment, refund.terms, recorded.at),
    );
    await failpoint('refund.after_provider');
    return this.settle(
      request.scope,
      new SettleRefund(sale.tenantId, sale.paymentId, refundId, {
        outcome,
        correlationId: request.correlationId,
      }),
    );
  }

  private async settle(scope: KeyScope, command: SettleRefund): Promise<Answer | Refusal> {
    const settled = await this.commands.execute(command);
    if (isRefusal(settled)) return settled;
    await failpoint('refund.after_commit');
    return this.keyed.asStored(scope, settled.answer);
  }

  private async commit(
    request: RefundRequest,
    hash: string,
    refundId: Uuid,
  ): Promise<Recorded | Refusal> {
    const { scope } = request;
    for (let attempt = 1; ; attempt++) {
      const known = await this.streams.find(scope.tenantId, request.paymentId);
      if (!known) return refuse('NOT_FOUND', 'There is no such payment.');
      const refused = request.admit(known.payment) ?? this.away();
      if (refused) return refused;
      try {
        return await this.record(request, hash, refundId, known);
      } catch (error) {
        const overtaken = failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
        if (!overtaken) throw error;
        if (attempt === ATTEMPTS) throw busy();
        await sleep(TURN_MS * Math.random() * Math.min(attempt, 10));
      }
    }
  }

  private record(
    request: RefundRequest,
    hash: string,
    refundId: Uuid,
    known: KnownPayment,
  ): Promise<Recorded | Refusal> {
    const { scope, amountCents, ticketIds, origin, reason, correlationId } = request;
    const { tenantId } = scope;
    const policy = request.policy(known.payment);
    return this.recorder.record(
      known,
      [
        {
          type: 'RequestRefund',
          asked: { refundId, amountCents, ticketIds, origin, reason, policy },
        },
      ],
      {
        correlationId,
        meanwhile: () => failpoint('refund.in_intent'),
        also: ({ payment, at }) => {
          const refund = payment.refunds[refundId];
          if (!refund) throw new Error(`refund ${refundId} was not recorded`);
          const answer = refundAnswer(payment, refund, { ...request.request, at });
          return [
            claimKey(scope, hash, refundId, this.config.idempotency.ttlSeconds),
            refundAskedBy(scope, refundId, request.request),
            audit(tenantId, {
              actor: request.actor,
              action: 'refund.requested',
              object: { type: 'payment', id: request.paymentId },
              before: { status: known.payment.status },
              after: { status: payment.status, refundId, amountCents: refund.terms.amountCents },
            }),
            ...(refund.status === 'pending'
              ? []
              : [storeAnswer(scope, { ...answer, body: JSON.stringify(answer.body) })]),
          ];
        },
      },
    );
  }

  private away(): Refusal | null {
    if (this.provider.available()) return null;
    return refuse('PROVIDER_UNAVAILABLE', 'The payment provider is unavailable. Try again soon.', {
      retryAfterSeconds: 5,
    });
  }
}

function busy(): AppError {
  return new AppError('CONFLICT', 'The payment is changing too fast. Try again.', {
    retryAfterSeconds: 1,
  });
}
