import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { givenBack } from '../domain/given-back.js';
import { type BegunPayment, isOpen, isSettled } from '../domain/payment.js';
import { GIVE_BACK_ALL } from '../domain/refund.js';
import type { CancelledPayment } from '../infra/cancellation-rows.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { AWAITS_FUNDS, REFUND } from '../infra/refund-rows.js';
import { Refunding } from './refunding.js';
import { SettlePayment } from './settle-payment.js';
import { SettleRefund } from './settle-refund.js';

/** What became of one payment of a cancelled event. */
export type Given =
  | { readonly kind: 'refunded'; readonly amountCents: number }
  /** Nobody has paid, or everything went back before. */
  | { readonly kind: 'nothing_due' }
  /**
   * Our account at the provider is short of money: it has refused the refund, which has to be asked
   * for anew, or it keeps it until there is some.
   */
  | { readonly kind: 'no_funds'; readonly askAnew: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nobody knows yet: the next attempt goes on with it. */
  | { readonly kind: 'later' }
  | Refusal;

/** docs.stripe.com/error-codes#balance-insufficient, docs.stripe.com/refunds#failed-refunds */
const NO_FUNDS: ReadonlySet<string> = new Set(['balance_insufficient', AWAITS_FUNDS]);

/** Calls off or pays back one payment of a cancelled event; asking again goes on where it was. */
@Injectable()
export class CancelledPayments {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly provider: PaymentProvider,
    private readonly refunding: Refunding,
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  async giveBack(asked: CancelledPayment): Promise<Given> {
    const { payment } = await this.streams.load(asked.tenantId, asked.paymentId);
    if (payment.status === 'NONE') return { kind: 'nothing_due' };
    if (isSettled(payment.status)) return this.refund(asked);
    const open = isOpen(payment.status) || payment.status === 'AUTHORIZED';
    if (!open && payment.status !== 'IN_REVIEW') return { kind: 'nothing_due' };
    return this.callOff(payment);
  }

  private async callOff({ sale, reference }: BegunPayment): Promise<Given> {
    const { operationId } = sale.charge;
    const cancelled =
      reference === null
        ? undefined
        : await this.provider.cancel(sale, { operationId, reference }, 'requested');
    const settled = await this.commands.execute(
      new SettlePayment(sale.tenantId, sale.paymentId, cancelled ? { outcome: cancelled } : {}),
    );
    if (isRefusal(settled)) return settled;
    const { status } = settled.payment;
    return ['CANCELLED', 'EXPIRED', 'PAYMENT_FAILED'].includes(status)
      ? { kind: 'nothing_due' }
      : { kind: 'later' };
  }

  private async refund(asked: CancelledPayment): Promise<Given> {
    const { tenantId, eventId, paymentId, round, requestedBy } = asked;
    const key = derivedId(paymentId, `event ${eventId} cancelled, round ${round}`);
    const answer = await this.refunding.execute({
      paymentId,
      amountCents: null,
      ticketIds: null,
      scope: { tenantId, userId: requestedBy, operation: REFUND, key },
      request: { path: `/api/v1/events/${eventId}/cancel`, requestId: key },
      actor: { type: 'user', id: requestedBy },
      origin: 'cancellation',
      reason: asked.reason,
      correlationId: null,
      admit: () => null,
      policy: ({ sale }) => (asked.refundFees ? GIVE_BACK_ALL : sale.refundPolicy),
    });
    if (!isRefusal(answer)) return this.outcome(asked, key, answer.status);
    if (answer.refused === 'REFUND_EXCEEDS_ORIGINAL') return this.whenNothingIsLeft(asked);
    const passing = [
      'PROVIDER_UNAVAILABLE',
      'DUPLICATE_IN_PROGRESS',
      'CONFLICT',
      'PAYMENT_DISPUTED',
    ];
    return passing.includes(answer.refused) ? { kind: 'later' } : answer;
  }

  /** Nothing may be left because another refund is on its way, which can still fail. */
  private async whenNothingIsLeft({ tenantId, paymentId }: CancelledPayment): Promise<Given> {
    const { payment } = await this.streams.load(tenantId, paymentId);
    if (payment.status === 'NONE' || givenBack(payment).refundPending === 0) {
      return { kind: 'nothing_due' };
    }
    return { kind: 'later' };
  }

  /** The key's answer may be of before: how the refund stands is what its row says. */
  private async outcome(asked: CancelledPayment, key: string, answered: number): Promise<Given> {
    if (answered === 202) return { kind: 'later' };
    const { tenantId, paymentId } = asked;
    const [found] = await this.database.read(tenantId, [
      sql`SELECT id, status, amount, failure_reason FROM payment_refunds
        WHERE tenant_id = ${tenantId} AND idempotency_key = ${key}`,
    ]);
    const row = found?.rows[0];
    const reason = (row?.failure_reason ?? 'unknown') as string;
    if (row?.status === 'processing' && reason === AWAITS_FUNDS) {
      return this.whenFunded(tenantId, paymentId, row.id as Uuid);
    }
    if (row?.status === 'failed') return notPaid(reason);
    return { kind: 'refunded', amountCents: Number(row?.amount ?? 0) };
  }

  private async whenFunded(tenantId: Uuid, paymentId: Uuid, refundId: Uuid): Promise<Given> {
    const settled = await this.commands.execute(new SettleRefund(tenantId, paymentId, refundId));
    if (isRefusal(settled)) return settled;
    const { refund, outcome } = settled;
    // Why it failed says its row, from the next attempt on.
    if (refund.status === 'failed' || refund.status === 'reversed') return { kind: 'later' };
    const waits =
      outcome?.kind === 'unknown' || (outcome?.kind === 'pending' && outcome.awaitsFunds);
    if (refund.status === 'pending' && waits) return { kind: 'no_funds', askAnew: false };
    return { kind: 'refunded', amountCents: refund.terms.amountCents };
  }
}

function notPaid(reason: string): Given {
  return NO_FUNDS.has(reason) ? { kind: 'no_funds', askAnew: true } : { kind: 'failed', reason };
}
