import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { isRefusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { openItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { CancelledPayments, type Given } from '../commands/cancelled-payments.js';
import {
  awaitFunds,
  type CancelledPayment,
  CLAIM_JOBS,
  claimPayments,
  endIfDone,
  endPayment,
  listPaymentsOf,
  parseCancelled,
} from './cancellation-rows.js';

export const CANCELLATIONS = 'event cancellations';

/** Refunds begun a second by one process: the provider and other buyers need room too. */
const REFUNDS_PER_SECOND = 10;

/** A sale that was priced before the cancellation has begun after this long. */
const QUIET_SECONDS = 60;

/**
 * Gives every buyer of a cancelled event the money back: one row a payment, each with a schedule of
 * its own, a bounded number a second. Whatever dies, the rows say where to go on.
 */
@Injectable()
export class CancellationWorker implements OnApplicationBootstrap {
  private readonly log = new Logger(CancellationWorker.name);

  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
    private readonly payments: CancelledPayments,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(CANCELLATIONS, 1_000, () => this.pass()));
  }

  /** One second's work; answers how many payments it took up. */
  async pass(): Promise<number> {
    const [jobs] = await this.database.asWorker([CLAIM_JOBS]);
    for (const row of jobs?.rows ?? [])
      await this.look(row.tenant_id as Uuid, row.event_id as Uuid);
    const [claimed] = await this.database.asWorker([claimPayments(REFUNDS_PER_SECOND)]);
    const payments = (claimed?.rows ?? []).map(parseCancelled);
    await Promise.all(payments.map((payment) => this.giveBack(payment)));
    return payments.length;
  }

  private async look(tenantId: Uuid, eventId: Uuid): Promise<void> {
    await this.database.transact(tenantId, [
      listPaymentsOf(tenantId, eventId),
      endIfDone(tenantId, eventId, QUIET_SECONDS),
    ]);
  }

  private async giveBack(payment: CancelledPayment): Promise<void> {
    try {
      const given = await this.payments.giveBack(payment);
      await failpoint('cancellation.after_refund');
      await this.note(payment, given);
    } catch (error) {
      this.log.error(`payment ${payment.paymentId} is not given back yet: ${String(error)}`);
    }
  }

  private async note(payment: CancelledPayment, given: Given): Promise<void> {
    if (isRefusal(given)) return this.failed(payment, given.refused);
    switch (given.kind) {
      case 'refunded':
        return this.write(payment, [endPayment(payment, 'refunded', null, given.amountCents)]);
      case 'nothing_due':
        return this.write(payment, [endPayment(payment, 'nothing_due', null)]);
      case 'no_funds':
        return this.write(payment, [awaitFunds(payment, given.askAnew)]);
      case 'failed':
        return this.failed(payment, given.reason);
      case 'later':
    }
  }

  private failed(payment: CancelledPayment, reason: string): Promise<void> {
    return this.write(payment, [
      endPayment(payment, 'failed', reason),
      openItem(payment.tenantId, {
        kind: 'cancelled_event_not_refunded',
        subjectType: 'payment',
        subjectId: payment.paymentId,
        cause: `The event is cancelled, the money did not go back: ${reason}`,
        details: { eventId: payment.eventId },
      }),
    ]);
  }

  private async write(
    { tenantId }: CancelledPayment,
    statements: Parameters<Database['transact']>[1],
  ): Promise<void> {
    await this.database.transact(tenantId, statements);
  }
}
