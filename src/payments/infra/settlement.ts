import { Injectable, Logger } from '@nestjs/common';
import { decideAndFold } from '../../kernel/decider/decider.js';
import { append } from '../../kernel/event-store/event-store.js';
import { AppError, isRefusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { Clock } from '../../kernel/clock.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { OUTBOX_RELAY } from '../../kernel/outbox/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { answerFor, type PaymentAnswer } from '../domain/answer.js';
import { type BegunPayment, payment as decider } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import type { ProviderOutcome } from '../domain/provider-outcome.js';
import { answerStatement, consequences } from './consequences.js';
import { type LoadedPayment, paymentStream, stored } from './payment-streams.js';
import { updateProjection } from './projection.js';

export interface Settled {
  readonly payment: BegunPayment;
  readonly version: number;
  readonly events: readonly PaymentEvent[];
  readonly answer: PaymentAnswer;
  /** What was recorded; null when nobody was asked. */
  readonly outcome: ProviderOutcome | null;
}

/** Why an outcome is not believed: the provider's charge is not the sale's. */
export const AMOUNT_DIFFERS = 'the provider holds another amount';

/** A payment that exists, with the version a decision about it is made on. */
export interface KnownPayment extends LoadedPayment {
  readonly payment: BegunPayment;
}

/**
 * Records what the provider said of a payment, in one transaction with everything that follows:
 * event, projection, tickets, journal, tax, outbox row and the stored answer. What was known
 * already changes nothing. Throws the unique violation of the stream when someone else was faster.
 */
@Injectable()
export class Settlement {
  private readonly log = new Logger(Settlement.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tasks: PeriodicTasks,
  ) {}

  async record(
    known: KnownPayment,
    outcome: ProviderOutcome | null,
    correlationId: string | null,
    holdRegained = true,
  ): Promise<Settled> {
    const at = this.clock.now();
    const action = outcome?.kind === 'requires_action' ? outcome.action : null;
    const checked = outcome && this.checked(known.payment, outcome);
    const decision = checked
      ? decideAndFold(
          decider,
          { type: 'RecordOutcome', outcome: checked, holdRegained },
          known.payment,
        )
      : { state: known.payment, events: [] };
    if (isRefusal(decision)) throw AppError.from(decision);
    const { state, events } = decision;
    if (state.status === 'NONE') throw new Error('a payment cannot return to nothing');
    const answer = answerFor(state, at, action);
    const version = known.version + events.length;
    const last = events.at(-1);
    if (last) {
      await this.commit(known.payment.sale.tenantId, [
        append(
          paymentStream(state.sale.tenantId, state.sale.paymentId),
          known.version,
          events.map(stored),
          { at, correlationId, orderId: state.sale.orderId },
        ),
        ...updateProjection({ payment: state, version, lastEvent: last.type, at }),
        ...events.flatMap((event) => consequences(event, state, at, correlationId)),
        ...answerStatement(state, answer),
      ]);
      this.tasks.nudge(OUTBOX_RELAY);
    }
    return { payment: state, version, events, answer, outcome: checked };
  }

  private async commit(tenantId: Uuid, statements: Statement[]): Promise<void> {
    const committed = this.database.transact(tenantId, statements);
    const [outcome, point] = await Promise.allSettled([
      committed,
      failpoint('purchase.in_finalize'),
    ]);
    if (outcome.status === 'rejected') throw outcome.reason;
    if (point.status === 'rejected') throw point.reason;
  }

  /** Money in another amount or currency than the sale's is never booked by itself. */
  private checked({ sale }: BegunPayment, outcome: ProviderOutcome): ProviderOutcome {
    if (outcome.kind !== 'succeeded' && outcome.kind !== 'authorized') return outcome;
    const { amountCents, currency } = outcome.charge;
    if (amountCents === sale.price.total && currency === sale.price.currency) return outcome;
    this.log.error(
      `payment ${sale.paymentId} is for ${sale.price.total} ${sale.price.currency}, the provider ` +
        `holds ${amountCents} ${currency}: nothing is booked until a person has looked`,
    );
    return { kind: 'unknown', reason: AMOUNT_DIFFERS };
  }
}
