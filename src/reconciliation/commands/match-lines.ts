import { Logger } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { isTransient } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { ReviewPayment } from '../../payments/payments.contract.js';
import type { Difference } from '../domain/difference.js';
import { explain } from '../domain/explain.js';
import { Costs } from '../infra/costs.js';
import { noteMatches, unpairedOf, unpairedReading } from '../infra/pair-rows.js';
import { ProviderBooks } from '../infra/provider-books.js';
import { RunBook } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';
import { sideBySide } from '../infra/side-by-side.js';

/** Payments that one run brings to what the provider holds; the rest waits for the next run. */
const REVIEWS = 200;

/**
 * The second step of a run: brings payments that lack something the provider has to what it holds,
 * books what it takes for charges, and notes which line belongs to which journal. A provider that is
 * away leaves the run incomplete.
 */
export class MatchLines extends Command<RecordedRun | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly runId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(MatchLines)
export class MatchLinesHandler implements ICommandHandler<MatchLines> {
  private readonly log = new Logger(MatchLines.name);

  constructor(
    private readonly runs: RunBook,
    private readonly books: ProviderBooks,
    private readonly costs: Costs,
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  execute({ tenantId, runId }: MatchLines): Promise<RecordedRun | Refusal> {
    const { name } = this.books;
    return this.runs.step({ tenantId, runId, from: 'imported', to: 'matched' }, async (now) => {
      const reviewed = await this.review(tenantId, await this.differences(tenantId, now));
      if (isRefusal(reviewed)) return reviewed;
      const costs = await this.differences(tenantId, now);
      const costsBooked = await this.costs.book(tenantId, name, costs, now);
      await failpoint('reconciliation.after_costs');
      return {
        figures: { paymentsReviewed: reviewed, costsBooked },
        statements: [noteMatches(tenantId, name)],
      };
    });
  }

  private async differences(tenantId: Uuid, now: Date): Promise<Difference[]> {
    const [found] = await this.database.read(tenantId, [
      unpairedReading(tenantId, this.books.name),
    ]);
    return explain(unpairedOf(found), now);
  }

  /** Answers how many payments were reviewed, or why the provider could not be asked. */
  private async review(
    tenantId: Uuid,
    differences: readonly Difference[],
  ): Promise<number | Refusal> {
    const due = new Map<string, string | null>();
    for (const { fix, movement, paymentId, details } of differences) {
      if (fix !== 'review' || movement === 'processing_cost' || paymentId === null) continue;
      if (due.size < REVIEWS) due.set(paymentId, details.reference as string | null);
    }
    const answers = await sideBySide([...due], ([paymentId, reference]) =>
      this.one(tenantId, paymentId, reference),
    );
    return answers.find(isRefusal) ?? due.size;
  }

  /** What one payment is refused for must not keep the others from their review. */
  private async one(
    tenantId: Uuid,
    paymentId: Uuid,
    reference: string | null,
  ): Promise<Refusal | null> {
    try {
      const answer = await this.commands.execute(new ReviewPayment(tenantId, paymentId, reference));
      return isRefusal(answer) && isTransient(answer) ? answer : null;
    } catch (error) {
      if (isTransient(error)) throw error;
      this.log.error(`payment ${paymentId} could not be reviewed: ${String(error)}`);
      return null;
    }
  }
}
