import { Inject, Injectable } from '@nestjs/common';
import { audit } from '../../kernel/audit/index.js';
import { Clock } from '../../kernel/clock.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { fold } from '../../kernel/decider/decider.js';
import { isRefusal } from '../../kernel/errors.js';
import { append } from '../../kernel/event-store/event-store.js';
import { claimKey, LOST_REQUEST } from '../../kernel/idempotency/idempotency.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { LimitKeys, reserveLimits } from '../../waiting-room/waiting-room.contract.js';
import { answerFor } from '../domain/answer.js';
import { initiate, recordOutcome } from '../domain/decide-charge.js';
import { type BegunPayment, payment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import type { Sale } from '../domain/sale.js';
import { answerStatement, keyScope } from './consequences.js';
import { holdTickets, recordReleased } from './holds.js';
import { paymentStream, stored } from './payment-streams.js';
import { insertProjection } from './projection.js';

/** A payment that is lost here, and how much of it can be had again. */
export interface LostPayment {
  readonly sale: Sale;
  /** The provider's reference of its charge. */
  readonly reference: string;
  /** The fingerprint of the card that the provider charged; null where it does not tell. */
  readonly card: string | null;
  /** Are its places still there? Else the sale ends, and money that was taken comes too late. */
  readonly held: boolean;
}

/** More than anybody has of one event. */
const NO_LIMIT = 1_000_000_000;

const BY = { type: 'system', id: 'reconciliation' } as const;

/** Writes the beginning of a payment again that the tables have lost: as it was, at its instant. */
@Injectable()
export class SaleRebuilding {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly limitKeys: LimitKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Throws what stops a sale: the violation of a seat, an order, a key or the stream (somebody else
   * was faster), or sold out.
   */
  async commit(lost: LostPayment): Promise<void> {
    const { sale, reference, held } = lost;
    const { tenantId, paymentId, orderId } = sale;
    const [began, now] = [new Date(sale.startedAt), this.clock.now()];
    const stream = paymentStream(tenantId, paymentId);
    const context = { correlationId: null, orderId };
    const { begun, ended, state } = historyOf(sale, held ? null : reference);
    const last = [...begun, ...ended].at(-1)?.type ?? 'payment.initiated';
    const version = begun.length + ended.length;
    await this.database.transact(tenantId, [
      this.key(sale),
      ...(held ? [this.counted(lost), ...holdTickets(sale)] : recordReleased(sale)),
      append(stream, 0, begun.map(stored), { ...context, at: began }),
      ...(ended.length > 0
        ? [append(stream, begun.length, ended.map(stored), { ...context, at: now })]
        : []),
      ...insertProjection({ payment: state, version, lastEvent: last, at: began }, null),
      ...(held ? [] : answerStatement(state, answerFor(state, now))),
      audit(tenantId, {
        actor: BY,
        action: 'payment.rebuilt',
        object: { type: 'payment', id: paymentId },
        before: null,
        after: { reference, status: state.status, amountCents: sale.price.total },
      }),
    ]);
  }

  /**
   * What the buyer has counts again, by user and card: billing addresses are kept nowhere. The sale was
   * held to the limits when it began; a purchase since then does not take it away.
   */
  private counted({ sale, card }: LostPayment): Statement {
    const { tenantId, paymentId, eventId, userId, tickets } = sale;
    const limits = { perUser: NO_LIMIT, perPaymentMethod: NO_LIMIT, perAddress: NO_LIMIT };
    const [quantity, billingAddress] = [tickets.length, null];
    return reserveLimits(
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
    );
  }

  private key(sale: Sale): Statement {
    const { ttlSeconds } = this.config.idempotency;
    return claimKey(keyScope(sale), LOST_REQUEST, sale.paymentId, ttlSeconds);
  }
}

interface History {
  readonly begun: readonly PaymentEvent[];
  /** What happened since: a sale whose places are gone has ended. */
  readonly ended: readonly PaymentEvent[];
  readonly state: BegunPayment;
}

function historyOf(sale: Sale, endedUnder: string | null): History {
  const begun = initiate(sale, payment.initial);
  if (isRefusal(begun)) throw new Error(`payment ${sale.paymentId} cannot begin`);
  const open = begunOf(begun);
  if (endedUnder === null) return { begun, ended: [], state: open };
  const outcome = { kind: 'cancelled', reference: endedUnder, expired: true } as const;
  const ended = recordOutcome(outcome, false, open);
  return { begun, ended, state: begunOf([...begun, ...ended]) };
}

function begunOf(events: readonly PaymentEvent[]): BegunPayment {
  const state = fold(payment, events);
  if (state.status === 'NONE') throw new Error('a payment that has begun cannot be nothing');
  return state;
}
