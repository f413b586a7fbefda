import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { explain } from '../domain/explain.js';
import { planOf } from '../domain/plan.js';
import { orphanDifference, staleDifference, stuckDifference } from '../domain/stale.js';
import { ledgerSums, providerSums, sumsOf } from '../infra/balance-rows.js';
import { openOf, openReading, recordPlan } from '../infra/difference-rows.js';
import { unpairedOf, unpairedReading } from '../infra/pair-rows.js';
import { ProviderBooks } from '../infra/provider-books.js';
import { RunBook, type StepDone } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';
import { closeSettled, settledItems } from '../infra/settled-items.js';
import {
  orphansOf,
  orphansReading,
  staleReading,
  stalesOf,
  stuckOf,
  stuckReading,
} from '../infra/stale-rows.js';

/**
 * The last step of a run: names every difference that is left, on one snapshot, and checks that
 * together they are the provider's balance less the ledger's. What is gone is resolved, what needs a
 * human becomes an item.
 */
export class CloseRun extends Command<RecordedRun | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly runId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(CloseRun)
export class CloseRunHandler implements ICommandHandler<CloseRun> {
  constructor(
    private readonly runs: RunBook,
    private readonly books: ProviderBooks,
    private readonly database: Database,
  ) {}

  execute({ tenantId, runId }: CloseRun): Promise<RecordedRun | Refusal> {
    return this.runs.step({ tenantId, runId, from: 'settled', to: 'closed' }, async (now) => {
      const done = await this.look(tenantId, runId, now);
      await failpoint('reconciliation.before_close');
      return done;
    });
  }

  private async look(tenantId: Uuid, runId: Uuid, now: Date): Promise<StepDone> {
    const { name } = this.books;
    const [pairs, provider, ledger, orphans, stales, stuck, open, settled] =
      await this.database.read(tenantId, [
        unpairedReading(tenantId, name),
        providerSums(tenantId, name),
        ledgerSums(tenantId, name),
        orphansReading(tenantId),
        staleReading(tenantId),
        stuckReading(tenantId),
        openReading(tenantId),
        settledItems(tenantId),
      ]);
    const plan = planOf({
      runId,
      now,
      open: openOf(open),
      sums: { provider: sumsOf(provider), ledger: sumsOf(ledger) },
      differences: [
        ...explain(unpairedOf(pairs), now),
        ...orphansOf(orphans).map(orphanDifference),
        ...stalesOf(stales).map(staleDifference),
        ...stuckOf(stuck).map(stuckDifference),
      ],
    });
    const closed = closeSettled(tenantId, settled);
    return {
      figures: { ...plan.figures, itemsClosed: closed.length },
      statements: [...recordPlan(tenantId, runId, plan), ...closed],
    };
  }
}
