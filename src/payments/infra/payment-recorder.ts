import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { append } from '../../kernel/event-store/event-store.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { OUTBOX_RELAY } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type BegunPayment, payment as decider, type PaymentCommand } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import { consequences } from './consequences.js';
import { type KnownPayment, paymentStream, stored } from './payment-streams.js';
import { updateProjection } from './projection.js';

/** A payment that exists, with the version a decision about it is made on. */
export interface Recorded extends KnownPayment {
  readonly events: readonly PaymentEvent[];
}

export interface RecordOptions {
  readonly correlationId: string | null;
  /** Runs beside the transaction: a test may interrupt it there. */
  readonly meanwhile: () => Promise<void>;
  /** What else belongs into the transaction; not asked when nothing happened. */
  readonly also?: (recorded: Recorded) => readonly Statement[];
}

/**
 * Decides commands about one payment, one after the other, and writes what happened in a single
 * transaction with everything that follows: events, projection, tickets, journals, outbox rows.
 * What was known already changes nothing. Nothing happens before what happened before it, even where
 * the clock was set back between the two (row 24). Throws the unique violation of the stream when someone
 * else was faster; a refusal of any of the commands leaves everything as it was.
 */
@Injectable()
export class PaymentRecorder {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tasks: PeriodicTasks,
  ) {}

  async record(
    known: KnownPayment,
    commands: readonly PaymentCommand[],
    { correlationId, meanwhile, also = () => [] }: RecordOptions,
  ): Promise<Recorded | Refusal> {
    const decided = decideAll(known.payment, commands);
    if (isRefusal(decided)) return decided;
    const { payment, steps } = decided;
    const at = new Date(Math.max(this.clock.now().getTime(), known.at.getTime()));
    const events = steps.map(({ event }) => event);
    const recorded = { payment, events, version: known.version + events.length, at };
    if (events.length === 0) return recorded;
    const { tenantId, paymentId, orderId } = payment.sale;
    const committed = this.database.transact(tenantId, [
      append(paymentStream(tenantId, paymentId), known.version, events.map(stored), {
        at,
        correlationId,
        orderId,
      }),
      // Event by event: each transition is one that the table of states allows.
      ...steps.flatMap(({ event, after }, i) =>
        updateProjection({
          payment: after,
          version: known.version + i + 1,
          lastEvent: event.type,
          at,
        }),
      ),
      ...events.flatMap((event, i) =>
        consequences(event, payment, at, correlationId, known.version + i + 1),
      ),
      ...also(recorded),
    ]);
    const [outcome, interrupted] = await Promise.allSettled([committed, meanwhile()]);
    if (outcome.status === 'rejected') throw outcome.reason;
    if (interrupted.status === 'rejected') throw interrupted.reason;
    this.tasks.nudge(OUTBOX_RELAY);
    return recorded;
  }
}

interface Step {
  readonly event: PaymentEvent;
  readonly after: BegunPayment;
}

function decideAll(
  from: BegunPayment,
  commands: readonly PaymentCommand[],
): { readonly payment: BegunPayment; readonly steps: readonly Step[] } | Refusal {
  let payment = from;
  const steps: Step[] = [];
  for (const command of commands) {
    const events = decider.decide(command, payment);
    if (isRefusal(events)) return events;
    for (const event of events) {
      const after = decider.evolve(payment, event);
      if (after.status === 'NONE') throw new Error('a payment cannot return to nothing');
      payment = after;
      steps.push({ event, after });
    }
  }
  return { payment, steps };
}
