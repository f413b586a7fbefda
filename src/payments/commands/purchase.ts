import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { AppError, isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { endLease, type KeyScope, requestHash } from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import { activeTransactions } from '../../kernel/observability/metrics.js';
import { Database } from '../../kernel/postgres/database.js';
import type { PaymentAnswer } from '../domain/answer.js';
import { answerFor } from '../domain/answer.js';
import type { SaleOrder } from '../domain/sale-order.js';
import { isOpen } from '../domain/payment.js';
import { keyScope } from '../infra/consequences.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { SaleBeginning } from '../infra/sale-beginning.js';
import { type DeskAnswer, type PreparedSale, SaleDesk } from '../infra/sale-desk.js';
import { SaleScreening, type Visitor } from '../infra/sale-screening.js';
import type { KnownPayment } from '../infra/payment-streams.js';
import { KeyedRequests } from './keyed-requests.js';
import { SettlePayment } from './settle-payment.js';

export interface PurchaseRequest {
  readonly scope: KeyScope;
  /** The parsed body: the same key with another one is refused. */
  readonly body: unknown;
  readonly correlationId: string | null;
  /** What the buyer asks for; asked only for a key not seen before. */
  readonly order: () => Promise<SaleOrder | Refusal>;
  /** Whoever buys; what is known of their device is kept with the sale's first transaction. */
  readonly visitor: Visitor;
}

const ATTEMPTS = 3;

/**
 * The one recipe of every purchase: answer a known key; else price the order, screen the buyer,
 * commit the intent, charge, record the outcome. A crash anywhere leaves rows from which the next request with the
 * key, the webhook or the janitor goes on.
 */
@Injectable()
export class Purchase {
  constructor(
    private readonly database: Database,
    private readonly keyed: KeyedRequests,
    private readonly desk: SaleDesk,
    private readonly screening: SaleScreening,
    private readonly beginning: SaleBeginning,
    private readonly provider: PaymentProvider,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  async execute(request: PurchaseRequest): Promise<Answer | Refusal> {
    const hash = requestHash(request.body);
    let tried: Uuid | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const found = await this.look(request);
      if (isRefusal(found)) return found;
      if ('known' in found) {
        // Our own intent, whose COMMIT was answered to nobody: go on with it.
        if (found.known.resourceId === tried) return this.goOn(request, tried);
        const { scope } = request;
        const goOn = (paymentId: Uuid) => this.goOn(request, paymentId);
        return this.keyed.answerAgain({ scope, goOn }, hash, found.known);
      }
      tried = found.sale.paymentId;
      const begun = await this.begin(request, hash, found);
      if (isRefusal(begun)) return begun;
      if (begun !== 'again') return this.charge(begun, request.correlationId);
    }
    return refuse('SERVICE_UNAVAILABLE', 'The sale was overtaken several times. Try again.', {
      retryAfterSeconds: 1,
    });
  }

  /** A known key is answered even where the order cannot be had, or would be refused by now. */
  private async look({ order, scope }: PurchaseRequest): Promise<DeskAnswer> {
    const ordered = await order().catch((error: unknown) => ({ failed: error }));
    const failed = 'failed' in ordered;
    if (!failed && !isRefusal(ordered)) return this.desk.prepare(ordered, scope);
    const known = await this.keyed.known(scope);
    if (known) return { known };
    if (failed) throw ordered.failed;
    return ordered;
  }

  private async begin(
    { scope, correlationId, visitor }: PurchaseRequest,
    hash: string,
    prepared: PreparedSale,
  ): Promise<KnownPayment | Refusal | 'again'> {
    const screened = await this.screening.screen(prepared, visitor);
    if (isRefusal(screened)) return screened;
    const begun = await this.beginning.commit({
      ...prepared,
      sale: screened.sale,
      screening: screened.statements,
      scope,
      hash,
      correlationId,
    });
    if (begun === 'again') this.desk.forgetVolume(prepared.sale, prepared.at);
    return begun;
  }

  private async charge(begun: KnownPayment, correlationId: string | null): Promise<Answer> {
    const { sale, status } = begun.payment;
    if (!isOpen(status)) return answer(answerFor(begun.payment, this.clock.now()));
    activeTransactions.inc();
    try {
      await failpoint('purchase.after_intent');
      const outcome = await this.provider.charge(sale);
      await failpoint('purchase.after_charge');
      return await this.settled(
        new SettlePayment(sale.tenantId, sale.paymentId, { outcome, loaded: begun, correlationId }),
      );
    } finally {
      activeTransactions.dec();
    }
  }

  private async settled(command: SettlePayment): Promise<Answer> {
    const settled = await this.commands.execute(command);
    if (isRefusal(settled)) throw AppError.from(settled);
    await failpoint('purchase.after_commit');
    if (settled.events.length > 0) return answer(settled.answer);
    const scope = keyScope(settled.payment.sale);
    if (!settled.answer.final) {
      // Nothing was recorded, so nothing has ended this request's lease.
      await this.database.transact(scope.tenantId, [endLease(scope)]);
    }
    return this.keyed.asStored(scope, settled.answer);
  }

  private goOn({ scope, correlationId }: PurchaseRequest, paymentId: Uuid): Promise<Answer> {
    return this.settled(new SettlePayment(scope.tenantId, paymentId, { correlationId }));
  }
}

function answer({ status, body }: PaymentAnswer): Answer {
  return Answer.of(status, body);
}
