import { setTimeout as sleep } from 'node:timers/promises';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import {
  CommitUnknown,
  DatabaseUnavailable,
  failedWith,
  SQLSTATE,
} from '../../kernel/postgres/errors.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import { expiresAt } from '../domain/expiry.js';
import { type BegunPayment, isOpen, isSettled } from '../domain/payment.js';
import type { ProviderOutcome } from '../domain/provider-outcome.js';
import { SEAT_KEY } from '../infra/holds.js';
import { ORDER_KEY } from '../infra/projection.js';
import { measureSettled } from '../infra/measure-settled.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { type KnownPayment, PaymentStreams } from '../infra/payment-streams.js';
import { type Settled, Settlement } from '../infra/settlement.js';

const ATTEMPTS = 4;
/** Money may have moved: a database that is short of connections is given some time. */
const PATIENCE_MS = 250;

/**
 * Brings a payment to what the provider says of it. Everything that learns of an outcome sends this
 * command: the request itself, `/confirm`, a read of an unknown payment, a webhook, the janitor.
 * Refuses `NOT_FOUND`; repeating it is a success that changes nothing.
 */
export class SettlePayment extends Command<Settled | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly paymentId: Uuid,
    readonly known: {
      /** What the provider answered just now; asked for when absent. */
      readonly outcome?: ProviderOutcome;
      /** The provider's reference, when the sender has it from the provider itself. */
      readonly reference?: string;
      /** The payment, when the sender has just loaded or made it. */
      readonly loaded?: KnownPayment;
      readonly correlationId?: string | null;
      /** False: money for a sale that has ended goes back even where its places are free. */
      readonly regain?: boolean;
    } = {},
  ) {
    super();
  }
}

@CommandHandler(SettlePayment)
export class SettlePaymentHandler implements ICommandHandler<SettlePayment> {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly settlement: Settlement,
    private readonly provider: PaymentProvider,
    private readonly clock: Clock,
  ) {}

  async execute({ tenantId, paymentId, known }: SettlePayment): Promise<Settled | Refusal> {
    let { loaded } = known;
    let outcome: ProviderOutcome | null = known.outcome ?? null;
    let holdRegained = known.regain ?? true;
    for (let attempt = 1; ; attempt++) {
      loaded ??= await this.streams.find(tenantId, paymentId);
      if (!loaded) return refuse('NOT_FOUND', 'There is no such payment.');
      outcome = await this.final(loaded.payment, outcome, known.reference ?? null);
      try {
        const correlationId = known.correlationId ?? null;
        const settled = await this.settlement.record(loaded, outcome, correlationId, holdRegained);
        measureSettled(settled);
        return settled;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        if (holdLost(error)) holdRegained = false;
        else if (error instanceof DatabaseUnavailable) await sleep(attempt * PATIENCE_MS);
        else if (!someoneElseDid(error)) throw error;
        loaded = undefined;
      }
    }
  }

  /** What the provider says now. What nobody completed in time is called off there first. */
  private async found(payment: BegunPayment, reference: string | null): Promise<ProviderOutcome> {
    const { sale } = payment;
    const found = await this.provider.find(sale, reference);
    const end = expiresAt(payment);
    if (!end || reference === null || !isWaiting(found) || end > this.clock.now()) return found;
    const { operationId } = sale.charge;
    return this.provider.cancel(sale, { operationId, reference }, 'expired');
  }

  /**
   * The outcome to record. A buyer who holds a client secret could still complete an attempt that
   * failed, so its intent is cancelled before the payment ends and its seats go back.
   */
  private async final(
    payment: BegunPayment,
    given: ProviderOutcome | null,
    told: string | null,
  ): Promise<ProviderOutcome | null> {
    // Asking without a reference would charge again: not for a payment that has ended.
    const reference = payment.reference ?? told;
    const over = !isOpen(payment.status) && reference === null;
    if (!given && (over || isSettled(payment.status))) return null;
    const outcome = given ?? (await this.found(payment, reference));
    const secretIsOut = payment.actionOffered && isOpen(payment.status);
    if (outcome.kind !== 'failed' || !secretIsOut || !outcome.reference) return outcome;
    const { operationId } = payment.sale.charge;
    const cancelled = await this.provider.cancel(
      payment.sale,
      { operationId, reference: outcome.reference },
      'requested',
    );
    return cancelled.kind === 'cancelled' ? outcome : cancelled;
  }
}

function isWaiting({ kind }: ProviderOutcome): boolean {
  return kind === 'requires_action' || kind === 'authorized';
}

function someoneElseDid(error: unknown): boolean {
  return error instanceof CommitUnknown || failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
}

/** Were the sale's places, its order, or what its buyer may have, taken by the time of the claim? */
export function holdLost(error: unknown): boolean {
  return (
    failedWith(error, SQLSTATE.soldOut) ||
    failedWith(error, SQLSTATE.limitPassed) ||
    failedWith(error, SQLSTATE.uniqueViolation, SEAT_KEY) ||
    failedWith(error, SQLSTATE.uniqueViolation, ORDER_KEY)
  );
}
