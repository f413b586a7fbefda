import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import { publish } from '../../kernel/outbox/index.js';
import type { BegunPayment } from '../domain/payment.js';
import { reviewDecided } from '../domain/review-decided.js';
import { Operating } from './operating.js';
import type { RequestMeta } from './request-meta.js';

/**
 * Ends the review of a purchase whose money is held: `approve` takes the whole of it, `reject` lets
 * it go and puts the tickets back on sale. Audited, and published for whoever learns from it.
 * `PAYMENT_STATE_CONFLICT` unless the payment is in review; `FORBIDDEN` to its own buyer.
 */
export class DecideReview extends Command<Answer | Refusal> {
  constructor(
    readonly paymentId: Uuid,
    readonly decision: 'approve' | 'reject',
    readonly reason: string | null,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

const VERDICTS = { approve: 'approved', reject: 'rejected' } as const;

@CommandHandler(DecideReview)
export class DecideReviewHandler implements ICommandHandler<DecideReview> {
  constructor(
    private readonly operating: Operating,
    private readonly clock: Clock,
  ) {}

  execute({ paymentId, decision, reason, meta }: DecideReview): Promise<Answer | Refusal> {
    const { tenantId } = meta.principal;
    const kind = decision === 'approve' ? 'capture' : 'cancel';
    const verdict = VERDICTS[decision];
    return this.operating.execute({
      kind,
      paymentId,
      meta,
      body: { decision, reason },
      sees: () => true,
      admit: ({ userId }, payment) => admitted(payment, decision, userId),
      audited: { action: `payment.review_${verdict}`, details: { reason } },
      also: ({ sale }) => [
        publish(tenantId, reviewDecided(sale, { verdict, at: this.clock.now() })),
      ],
      afterIntent: () => failpoint(`${kind}.after_intent`),
      afterProvider: () => failpoint(`${kind}.after_provider`),
    });
  }
}

function admitted(
  { sale, status }: BegunPayment,
  decision: DecideReview['decision'],
  reviewerId: Uuid,
): number | null | Refusal {
  if (sale.userId === reviewerId) {
    return refuse('FORBIDDEN', 'Nobody decides on a purchase of their own.');
  }
  if (status === 'IN_REVIEW') return decision === 'approve' ? sale.price.total : null;
  return refuse('PAYMENT_STATE_CONFLICT', 'Only a payment in review can be approved or rejected.');
}
