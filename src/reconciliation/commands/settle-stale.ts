import { Logger } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertNever, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { RetryStuckEvents } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { SettleOperation, SettlePayment, SettleRefund } from '../../payments/payments.contract.js';
import { type Stale, STUCK_SECONDS } from '../domain/stale.js';
import { RunBook } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';
import { sideBySide } from '../infra/side-by-side.js';
import { staleReading, stalesOf } from '../infra/stale-rows.js';

/**
 * The third step of a run: settles what has been open for too long from the provider's answer, and
 * makes events that are stuck due again. What stays open is the next step's to name.
 */
export class SettleStale extends Command<RecordedRun | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly runId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(SettleStale)
export class SettleStaleHandler implements ICommandHandler<SettleStale> {
  private readonly log = new Logger(SettleStale.name);

  constructor(
    private readonly runs: RunBook,
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  execute({ tenantId, runId }: SettleStale): Promise<RecordedRun | Refusal> {
    return this.runs.step({ tenantId, runId, from: 'matched', to: 'settled' }, async () => {
      const [found] = await this.database.read(tenantId, [staleReading(tenantId)]);
      const stales = stalesOf(found);
      await sideBySide(stales, (stale) => this.settle(tenantId, stale));
      const outboxRetried = await this.commands.execute(
        new RetryStuckEvents(tenantId, STUCK_SECONDS),
      );
      await failpoint('reconciliation.after_settled');
      return { figures: { stalesAsked: stales.length, outboxRetried } };
    });
  }

  private async settle(tenantId: Uuid, stale: Stale): Promise<void> {
    try {
      await this.ask(tenantId, stale);
    } catch (error) {
      this.log.error(`${stale.what} ${stale.id} could not be settled: ${String(error)}`);
    }
  }

  private ask(tenantId: Uuid, { what, id, paymentId }: Stale): Promise<unknown> {
    switch (what) {
      case 'payment':
        return this.commands.execute(new SettlePayment(tenantId, paymentId));
      case 'refund':
        return this.commands.execute(new SettleRefund(tenantId, paymentId, id));
      case 'operation':
        return this.commands.execute(new SettleOperation(tenantId, id));
      default:
        return assertNever(what);
    }
  }
}
