import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { claimKey, type KeyScope } from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { BegunPayment } from '../domain/payment.js';
import type { Sale } from '../domain/sale.js';
import {
  insertOperation,
  type OperationRow,
  OPEN_OPERATION_KEY,
  type OperationKind,
} from '../infra/operation-rows.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { type KnownPayment, PaymentStreams } from '../infra/payment-streams.js';
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
  /** Who may know of the payment at all; `maySee` unless told. */
  readonly sees?: (principal: Principal, sale: Sale) => boolean;
  /** What the audit log calls it, and what else its first transaction records. */
  readonly audited?: { readonly action: string; readonly details?: object };
  readonly also?: (payment: BegunPayment) => readonly Statement[];
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
      goOn: (operationId) => this.settle(scope, new SettleOperation(tenantId, operationId)),
    });
  }

  private async begin(
    request: OperationRequest,
    { scope, hash }: Pick<OperationRow, 'scope'> & { readonly hash: string },
  ): Promise<Answer | Refusal> {
    const { kind, paymentId, meta, sees = maySee } = request;
    const known = await this.streams.find(scope.tenantId, paymentId);
    if (!known || !sees(meta.principal, known.payment.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    const { payment } = known;
    const amountCents = request.admit(meta.principal, payment);
    if (isRefusal(amountCents)) return amountCents;
    if (!this.provider.available()) return AWAY;
    const asked = { path: meta.path, requestId: meta.requestId };
    const operation = { id: newId(), paymentId, kind, amountCents, scope, request: asked };
    const refused = await this.commit(operation, hash, known, request);
    // Somebody else was faster: whether it may still be done is asked of what there is now.
    if (refused === 'overtaken') return this.begin(request, { scope, hash });
    if (refused) return refused;
    await request.afterIntent();
    const outcome = await askProvider(this.provider, payment, operation);
    await request.afterProvider();
    const { correlationId } = meta;
    return this.settle(
      scope,
      new SettleOperation(scope.tenantId, operation.id, { outcome, correlationId }),
    );
  }

  private async commit(
    operation: OperationRow,
    hash: string,
    { payment, version }: KnownPayment,
    { audited, also = () => [] }: OperationRequest,
  ): Promise<Refusal | 'overtaken' | null> {
    const { scope, id, kind, amountCents, paymentId } = operation;
    try {
      await this.database.transact(scope.tenantId, [
        claimKey(scope, hash, id, this.config.idempotency.ttlSeconds),
        insertOperation(operation),
        stillAt(payment.sale, version),
        audit(scope.tenantId, {
          actor: userActor(scope),
          action: audited?.action ?? `payment.${kind}_requested`,
          object: { type: 'payment', id: paymentId },
          before: { status: payment.status },
          after: { operationId: id, amountCents, ...audited?.details },
        }),
        ...also(payment),
      ]);
      return null;
    } catch (error) {
      if (failedWith(error, SQLSTATE.guardFailed)) return 'overtaken';
      if (!failedWith(error, SQLSTATE.uniqueViolation, OPEN_OPERATION_KEY)) throw error;
      return refuse('CONFLICT', 'Another capture or cancellation of the payment is under way.', {
        retryAfterSeconds: 1,
      });
    }
  }

  private async settle(scope: KeyScope, command: SettleOperation): Promise<Answer | Refusal> {
    const answer = await this.commands.execute(command);
    return isRefusal(answer) ? answer : this.keyed.asStored(scope, answer);
  }
}

/** What was admitted was decided on this version, and nothing is recorded of another one. */
function stillAt({ tenantId, paymentId }: Sale, version: number): Statement {
  return sql`SELECT guard((SELECT version = ${version} FROM payment_transactions
    WHERE tenant_id = ${tenantId} AND id = ${paymentId} FOR SHARE), 'the payment has changed')`;
}

const AWAY = refuse(
  'PROVIDER_UNAVAILABLE',
  'The payment provider is unavailable. Try again soon.',
  {
    retryAfterSeconds: 5,
  },
);
