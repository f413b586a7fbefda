import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { decideAndFold } from '../../kernel/decider/decider.js';
import { AppError, isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { append } from '../../kernel/event-store/event-store.js';
import { claimKey, type KeyScope } from '../../kernel/idempotency/idempotency.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  asDatabaseError,
  CommitUnknown,
  failedWith,
  SQLSTATE,
} from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { accessRefusal, limitRefusal } from '../../waiting-room/waiting-room.contract.js';
import { answerFor } from '../domain/answer.js';
import { payment } from '../domain/payment.js';
import type { Sale } from '../domain/sale.js';
import { answerStatement, consequences } from './consequences.js';
import { holdTickets, SEAT_KEY } from './holds.js';
import { type KnownPayment, paymentStream, stored } from './payment-streams.js';
import { insertProjection, ORDER_KEY } from './projection.js';

export interface NewSale {
  readonly sale: Sale;
  readonly at: Date;
  /** What the price was decided on must still hold in the transaction that sells for it. */
  readonly guards: readonly Statement[];
  /** What the screening of the buyer wants to hold, and to be written. */
  readonly screening: readonly Statement[];
  readonly scope: KeyScope;
  readonly hash: string;
  readonly correlationId: string | null;
  /** Kept beside the payment, not in its history: it is personal data that has to go. */
  readonly deviceFingerprint: string | null;
}

/**
 * Commits the intent to sell: key claimed, tickets held, first events, projection, everything or
 * nothing. Refuses `SOLD_OUT`, `SEAT_TAKEN`, `ORDER_ALREADY_PAID`,
 * `PURCHASE_LIMIT_EXCEEDED`, `INVALID_ACCESS_TOKEN`; answers 'again' where the key or
 * the price was overtaken by somebody else and the request must be looked at afresh.
 */
@Injectable()
export class SaleBeginning {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async commit(begin: NewSale): Promise<KnownPayment | Refusal | 'again'> {
    const { sale, at, correlationId } = begin;
    const decision = decideAndFold(payment, { type: 'Initiate', sale }, payment.initial);
    if (isRefusal(decision)) throw AppError.from(decision);
    const { state, events } = decision;
    if (state.status === 'NONE') throw new Error('an initiated payment cannot be nothing');
    const last = events.at(-1)?.type ?? 'payment.initiated';
    const step = { payment: state, version: events.length, lastEvent: last, at };
    try {
      await this.database.transact(sale.tenantId, [
        claimKey(begin.scope, begin.hash, sale.paymentId, this.config.idempotency.ttlSeconds),
        ...begin.guards,
        ...begin.screening,
        ...holdTickets(sale),
        append(paymentStream(sale.tenantId, sale.paymentId), 0, events.map(stored), {
          at,
          correlationId,
          orderId: sale.orderId,
        }),
        ...insertProjection(step, begin.deviceFingerprint),
        ...events.flatMap((event, i) => consequences(event, state, at, correlationId, i + 1)),
        ...(state.status === 'PAID' ? answerStatement(state, answerFor(state, at)) : []),
      ]);
    } catch (error) {
      return refusalOf(error, sale);
    }
    return { payment: state, version: events.length, at };
  }
}

function refusalOf(error: unknown, sale: Sale): Refusal | 'again' {
  // The key tells whether the transaction happened: the next look finds it.
  if (error instanceof CommitUnknown) return 'again';
  if (failedWith(error, SQLSTATE.keyTaken) || failedWith(error, SQLSTATE.guardFailed))
    return 'again';
  const limited = limitRefusal(error) ?? accessRefusal(error);
  if (limited) return limited;
  if (failedWith(error, SQLSTATE.soldOut)) {
    return refuse('SOLD_OUT', 'There are not enough tickets left.', {
      extra: { ticketTypeId: asDatabaseError(error)?.detail },
    });
  }
  if (failedWith(error, SQLSTATE.uniqueViolation, SEAT_KEY)) {
    return refuse('SEAT_TAKEN', 'One of the seats is taken. Choose another.');
  }
  if (failedWith(error, SQLSTATE.uniqueViolation, ORDER_KEY)) {
    return refuse('ORDER_ALREADY_PAID', `Order ${sale.orderId ?? ''} has a payment already.`);
  }
  throw error;
}
