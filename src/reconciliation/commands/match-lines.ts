import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { Costs } from '../infra/costs.js';
import { noteMatches } from '../infra/pair-rows.js';
import { ProviderBooks } from '../infra/provider-books.js';
import { Reviews } from '../infra/reviews.js';
import { RunBook } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';

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
  constructor(
    private readonly runs: RunBook,
    private readonly books: ProviderBooks,
    private readonly reviews: Reviews,
    private readonly costs: Costs,
  ) {}

  execute({ tenantId, runId }: MatchLines): Promise<RecordedRun | Refusal> {
    const { name } = this.books;
    return this.runs.step({ tenantId, runId, from: 'imported', to: 'matched' }, async (now) => {
      const reviewed = await this.reviews.ofDifferences(tenantId, now, REVIEWS);
      if (isRefusal(reviewed)) return reviewed;
      const differences = await this.reviews.differences(tenantId, now);
      const costsBooked = await this.costs.book(tenantId, name, differences, now);
      await failpoint('reconciliation.after_costs');
      return {
        figures: { paymentsReviewed: reviewed, costsBooked },
        statements: [noteMatches(tenantId, name)],
      };
    });
  }
}
