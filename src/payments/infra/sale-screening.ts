import { Injectable, Logger } from '@nestjs/common';
import { FraudCheck, type Location } from '../../fraud/fraud.contract.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  AccessTokens,
  type AccessGrant,
  type BillingAddress,
  LimitKeys,
  reserveAccess,
  reserveLimits,
  skippedLimits,
} from '../../waiting-room/waiting-room.contract.js';
import { screened } from '../domain/screened.js';
import type { Sale } from '../domain/sale.js';
import { PaymentProvider } from './payment-provider.js';
import type { RequestSignals } from './request-signals.js';
import type { PreparedSale } from './sale-desk.js';

/** Whoever buys, as the request tells of them. */
export interface Visitor {
  /** The waiting room's, from the header `x-access-token`. */
  readonly accessToken: string | undefined;
  readonly billingAddress: BillingAddress | null;
  readonly location: Location | null;
  readonly signals: RequestSignals;
}

/** A sale that may begin, and what has to hold and be written in the transaction that begins it. */
export interface ScreenedSale {
  readonly sale: Sale;
  readonly statements: readonly Statement[];
}

/**
 * What stands between an order with a price and its sale (Payment service spec, Process Payment):
 * the waiting room's token where the event is in high demand, then bots, fraud and velocity. The
 * purchase limits are decided in the sale's own transaction. Refuses `QUEUE_TOKEN_REQUIRED`,
 * `INVALID_ACCESS_TOKEN`, `BOT_DETECTED`, `FRAUD_DETECTED`, `RATE_LIMIT_EXCEEDED`,
 * `PROVIDER_UNAVAILABLE`. What costs nothing needs no provider.
 */
@Injectable()
export class SaleScreening {
  private readonly log = new Logger(SaleScreening.name);

  constructor(
    private readonly tokens: AccessTokens,
    private readonly fraud: FraudCheck,
    private readonly provider: PaymentProvider,
    private readonly limitKeys: LimitKeys,
  ) {}

  async screen(prepared: PreparedSale, visitor: Visitor): Promise<ScreenedSale | Refusal> {
    const { sale, at, highDemand, limits } = prepared;
    const { billingAddress } = visitor;
    const { tenantId, paymentId, userId, venueId, eventId, price } = sale;
    const grant = highDemand ? await this.admitted(sale, visitor, at) : null;
    if (grant && isRefusal(grant)) return grant;
    const card = price.total > 0 ? await this.cardOf(sale) : null;
    if (isRefusal(card)) return card;
    const quantity = sale.tickets.length;
    const decision = await this.fraud.check({
      tenantId,
      paymentId,
      userId,
      venueId,
      eventId,
      attemptId: sale.orderId ?? sale.request.idempotencyKey,
      highDemand,
      quantity,
      amountCents: price.total,
      currency: price.currency,
      paymentMethod: card,
      signals: visitor.signals,
      location: visitor.location,
      billingAddress,
      at,
    });
    if (decision.refusal) return decision.refusal;
    // The provider may have gone away while its card was asked for, and nothing has happened yet.
    if (price.total > 0 && !this.provider.available()) return AWAY;
    return {
      sale: screened(sale, {
        screening: decision.verdict.decision,
        admission: grant?.jti ?? null,
        skippedLimits: skippedLimits({ paymentMethod: card, billingAddress }),
      }),
      statements: [
        ...(grant ? [reserveAccess(tenantId, grant, paymentId)] : []),
        reserveLimits(
          {
            tenantId,
            paymentId,
            eventId,
            userId,
            quantity,
            limits,
            paymentMethod: card,
            billingAddress,
          },
          this.limitKeys,
        ),
        ...decision.record,
      ],
    };
  }

  /**
   * The card that is counted by; null where there is none to know. A buyer is not turned away because
   * the provider is slow, but because we have no room to ask it.
   */
  private async cardOf({ paymentId, charge }: Sale): Promise<string | null | Refusal> {
    if (!this.provider.available()) return AWAY;
    const card = await this.provider.methodFingerprint(charge.paymentMethodId);
    if (card.kind === 'succeeded') return card.fingerprint;
    if (card.kind === 'not_asked') return AWAY;
    if (card.kind === 'unknown') {
      const { reason } = card;
      this.log.warn({ msg: 'nothing is counted by the card of a payment', paymentId, reason });
    }
    return null;
  }

  private admitted(
    { tenantId, eventId, userId }: Sale,
    { accessToken }: Visitor,
    at: Date,
  ): Promise<AccessGrant | Refusal> {
    return this.tokens.verify(accessToken, { tenantId, eventId, userId }, at);
  }
}

const AWAY = refuse(
  'PROVIDER_UNAVAILABLE',
  'The payment provider is unavailable. Try again soon.',
  { retryAfterSeconds: 5 },
);
