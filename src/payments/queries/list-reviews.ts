import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type DecisionSummary, parseDecisions, readDecisions } from '../../fraud/fraud.contract.js';
import type { Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  listReviews,
  parseReviews,
  type ReviewPageWish,
  type WaitingReview,
} from '../infra/review-rows.js';

export interface ReviewPage {
  /** With what the fraud check found; null where its record is gone. */
  readonly reviews: readonly (WaitingReview & { readonly check: DecisionSummary | null })[];
  /** For the next page; null on the last one. */
  readonly nextCursor: Uuid | null;
}

/** The tenant's purchases that wait for a reviewer, the longest waiting first. */
export class ListReviews extends Query<ReviewPage> {
  constructor(
    readonly principal: Principal,
    readonly wish: ReviewPageWish,
  ) {
    super();
  }
}

@QueryHandler(ListReviews)
export class ListReviewsHandler implements IQueryHandler<ListReviews> {
  constructor(private readonly database: Database) {}

  async execute({ principal: { tenantId }, wish }: ListReviews): Promise<ReviewPage> {
    const [found] = await this.database.read(tenantId, [listReviews(tenantId, wish)]);
    const all = parseReviews(found);
    const waiting = all.slice(0, wish.limit);
    const [told] = await this.database.read(tenantId, [
      readDecisions(
        tenantId,
        waiting.map(({ paymentId }) => paymentId),
      ),
    ]);
    const checks = parseDecisions(told);
    return {
      reviews: waiting.map((review) => ({
        ...review,
        check: checks.get(review.paymentId) ?? null,
      })),
      nextCursor: all.length > wish.limit ? (waiting.at(-1)?.paymentId ?? null) : null,
    };
  }
}
