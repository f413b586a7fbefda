import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { AppError, isRefusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { answerFor, type PaymentAnswer } from '../domain/answer.js';
import type { BegunPayment } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import type { ProviderCharge, ProviderOutcome } from '../domain/provider-outcome.js';
import type { Sale } from '../domain/sale.js';
import { answerStatement } from './consequences.js';
import { PaymentRecorder } from './payment-recorder.js';
import type { KnownPayment } from './payment-streams.js';
import { delayCharge } from './projection.js';

export interface Settled extends KnownPayment {
  readonly events: readonly PaymentEvent[];
  readonly answer: PaymentAnswer;
  /** What was recorded; null when nobody was asked. */
  readonly outcome: ProviderOutcome | null;
}

/** Why an outcome is not believed: the provider's charge is not the sale's. */
export const AMOUNT_DIFFERS = 'the provider holds another amount';

/**
 * Records what the provider said of a charge, with the answer that the purchase's key repeats from
 * then on. Throws the unique violation of the stream when someone else was faster.
 */
@Injectable()
export class Settlement {
  private readonly log = new Logger(Settlement.name);

  constructor(
    private readonly recorder: PaymentRecorder,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async record(
    known: KnownPayment,
    outcome: ProviderOutcome | null,
    correlationId: string | null,
    holdRegained = true,
  ): Promise<Settled> {
    const checked = outcome && (await this.checked(known.payment, outcome));
    if (!checked) {
      const answer = answerOf(known.payment, null, this.clock.now());
      return { ...known, events: [], outcome: checked, answer };
    }
    const recorded = await this.recorder.record(
      known,
      [{ type: 'RecordOutcome', outcome: checked, holdRegained }],
      {
        correlationId,
        meanwhile: () => failpoint('purchase.in_finalize'),
        also: ({ payment, at }) => [
          ...answerStatement(payment, answerOf(payment, checked, at)),
          ...delayed(payment.sale, checked),
        ],
      },
    );
    if (isRefusal(recorded)) throw AppError.from(recorded);
    const delay = delayed(known.payment.sale, checked);
    if (recorded.events.length === 0 && delay.length > 0) {
      await this.database.transact(known.payment.sale.tenantId, delay);
    }
    const { payment, version, at, events } = recorded;
    // At the same instant as the stored one: both are the same text.
    return {
      payment,
      version,
      at,
      events,
      outcome: checked,
      answer: answerOf(payment, checked, at),
    };
  }

  /** Money in another amount or currency than was agreed is never booked by itself. */
  private async checked(payment: BegunPayment, outcome: ProviderOutcome): Promise<ProviderOutcome> {
    if (outcome.kind !== 'succeeded' && outcome.kind !== 'authorized') return outcome;
    const { sale } = payment;
    const { amountCents, currency } = outcome.charge;
    if (await this.isAgreed(payment, outcome.charge)) return outcome;
    this.log.error(
      `payment ${sale.paymentId} is for ${sale.price.total} ${sale.price.currency}, the provider ` +
        `holds ${amountCents} ${currency}: nothing is booked until a person has looked`,
    );
    return { kind: 'unknown', reason: AMOUNT_DIFFERS };
  }

  /** The sale's total, or the part of an authorization that somebody asked to capture. */
  private async isAgreed(
    { status, sale }: BegunPayment,
    { amountCents, currency }: ProviderCharge,
  ): Promise<boolean> {
    if (currency !== sale.price.currency) return false;
    if (amountCents === sale.price.total) return true;
    if (status !== 'AUTHORIZED') return false;
    const [asked] = await this.database.read(sale.tenantId, [
      sql`SELECT 1 FROM payment_operations
        WHERE tenant_id = ${sale.tenantId} AND payment_id = ${sale.paymentId}
          AND kind = 'capture' AND status = 'open' AND amount_cents = ${amountCents}`,
    ]);
    return Boolean(asked?.rowCount);
  }
}

function delayed(sale: Sale, outcome: ProviderOutcome): Statement[] {
  const seconds = outcome.kind === 'unknown' ? outcome.retryAfterSeconds : undefined;
  return seconds === undefined ? [] : [delayCharge(sale, seconds)];
}

function answerOf(payment: BegunPayment, outcome: ProviderOutcome | null, at: Date): PaymentAnswer {
  return answerFor(payment, at, outcome?.kind === 'requires_action' ? outcome.action : null);
}
