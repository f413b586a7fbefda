import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { WEBHOOK_DELIVERIES } from '../infra/delivery-lanes.js';
import { DeliveryTargets, NO_TARGET } from '../infra/delivery-targets.js';
import {
  MOST_AT_ONCE,
  type RedeliveryRange,
  sendRangeAgain,
  sentAgain,
} from '../infra/redelivery-rows.js';

export interface RedeliveredRange {
  readonly redelivered: number;
  /** Where to go on; absent when that was all. */
  readonly nextCursor?: Uuid;
}

/**
 * Sends again what an endpoint's log has of a time, at most 500 at once; what is still pending is
 * left alone. Refuses `NOT_FOUND`, also to the tenant for the platform's own services, `CONFLICT` while
 * the endpoint is disabled or not configured, and `VALIDATION_ERROR` for a range that ends before it
 * begins.
 */
export class RedeliverRange extends Command<RedeliveredRange | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly range: RedeliveryRange,
  ) {
    super();
  }
}

@CommandHandler(RedeliverRange)
export class RedeliverRangeHandler implements ICommandHandler<RedeliverRange> {
  constructor(
    private readonly database: Database,
    private readonly targets: DeliveryTargets,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ principal, range }: RedeliverRange): Promise<RedeliveredRange | Refusal> {
    const { tenantId } = principal;
    const { endpointId, from, to, eventTypes } = range;
    if (from >= to) {
      const errors = [{ field: 'to', message: 'must be after from' }];
      return refuse('VALIDATION_ERROR', 'Validation failed', { errors });
    }
    const target = this.targets.maySend(principal, endpointId)
      ? await this.targets.find(tenantId, endpointId)
      : 'removed';
    if (target === 'removed') return refuse('NOT_FOUND', 'There is no such endpoint');
    if (typeof target === 'string') return refuse('CONFLICT', NO_TARGET[target]);
    const [sent] = await this.database.transact(tenantId, [
      sendRangeAgain(tenantId, range),
      audit(tenantId, {
        actor: userActor(principal),
        action: 'webhook_endpoint.redelivered',
        object: { type: 'webhook_endpoint', id: endpointId },
        before: null,
        after: { from, to, eventTypes },
      }),
    ]);
    const ids = sentAgain(sent);
    this.tasks.nudge(WEBHOOK_DELIVERIES);
    const last = ids.at(-1);
    const isMore = ids.length === MOST_AT_ONCE && last !== undefined;
    return { redelivered: ids.length, ...(isMore && { nextCursor: last }) };
  }
}
