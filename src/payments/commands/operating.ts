import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { claimKey } from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { BegunPayment } from '../domain/payment.js';
import {
  insertOperation,
  type OperationRow,
  OPEN_OPERATION_KEY,
  type OperationKind,
} from '../infra/operation-rows.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { maySee } from '../queries/may-see.js';
import { KeyedRequests } from './keyed-requests.js';
import type { RequestMeta } from './request-meta.js';
import { askProvider, SettleOperation } from './settle-operation.js';

/** A capture or a void as it is asked for. */
export interface OperationRequest {
  readonly kind: OperationKind;
  readonly paymentId: Uuid;
  readonly meta: RequestMeta;
  readonly body: unknown;
  /** May the caller, and may it be done now? Answers the cents to capture; null for a void. */
  readonly admit: (principal: Principal, payment: BegunPayment) => number | null | Refusal;
  /** Run between the steps: a test may interrupt there. */
  readonly afterIntent: () => Promise<void>;
  readonly afterProvider: () => Promise<void>;
}

/**
 * The one recipe of captures and voids: commit what is asked for, ask the provider, settle. A crash
 * anywhere leaves a row from which the next request with the key, the webhook or the janitor goes
 * on. One operation of a payment is under way at a time (`CONFLICT`).
 */
@Injectable()
export class Operating {
  constructor(
    private readonly keyed: KeyedRequests,
    private readonly database: Database,
    private readonly streams: PaymentStreams,
    private readonly provider: PaymentProvider,
    private readonly commands: CommandBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute(request: OperationRequest): Promise<Answer | Refusal> {
    const { kind, paymentId, meta, body } = request;
    const { tenantId, userId } = meta.principal;
    const scope = { tenantId, userId, operation: kind, key: meta.idempotencyKey };
    return this.keyed.execute({
      scope,
      body: { paymentId, body },
      begin: (hash) => this.begin(request, { scope, hash }),
      goOn: (operationId) => this.settle(new SettleOperation(tenantId, operationId)),
    });
  }

  private async begin(
    request: OperationRequest,
    { scope, hash }: Pick<OperationRow, 'scope'> & { readonly hash: string },
  ): Promise<Answer | Refusal> {
    const { kind, paymentId, meta } = request;
    const { payment } = await this.streams.load(scope.tenantId, paymentId);
    if (payment.status === 'NONE' || !maySee(meta.principal, payment.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    const amountCents = request.admit(meta.principal, payment);
    if (isRefusal(amountCents)) return amountCents;
    if (!this.provider.available()) return AWAY;
    const asked = { path: meta.path, requestId: meta.requestId };
    const operation = { id: newId(), paymentId, kind, amountCents, scope, request: asked };
    const refused = await this.commit(operation, hash, payment);
    if (refused) return refused;
    await request.afterIntent();
    const outcome = await askProvider(this.provider, payment, operation);
    await request.afterProvider();
    const { correlationId } = meta;
    return this.settle(
      new SettleOperation(scope.tenantId, operation.id, { outcome, correlationId }),
    );
  }

  private async commit(
    operation: OperationRow,
    hash: string,
    payment: BegunPayment,
  ): Promise<Refusal | null> {
    const { scope, id, kind, amountCents, paymentId } = operation;
    try {
      await this.database.transact(scope.tenantId, [
        claimKey(scope, hash, id, this.config.idempotency.ttlSeconds),
        insertOperation(operation),
        audit(scope.tenantId, {
          actor: userActor(scope),
          action: `payment.${kind}_requested`,
          object: { type: 'payment', id: paymentId },
          before: { status: payment.status },
          after: { operationId: id, amountCents },
        }),
      ]);
      return null;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.uniqueViolation, OPEN_OPERATION_KEY)) throw error;
      return refuse('CONFLICT', 'Another capture or cancellation of the payment is under way.', {
        retryAfterSeconds: 1,
      });
    }
  }

  private async settle(command: SettleOperation): Promise<Answer | Refusal> {
    const answer = await this.commands.execute(command);
    return isRefusal(answer) ? answer : Answer.of(answer.status, answer.body);
  }
}

const AWAY = refuse(
  'PROVIDER_UNAVAILABLE',
  'The payment provider is unavailable. Try again soon.',
  {
    retryAfterSeconds: 5,
  },
);
