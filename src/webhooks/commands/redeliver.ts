import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Delivery } from '../domain/delivery.js';
import { WEBHOOK_DELIVERIES } from '../infra/delivery-lanes.js';
import { deliveryOf, deliveryReading } from '../infra/delivery-rows.js';
import { DeliveryTargets, NO_TARGET } from '../infra/delivery-targets.js';
import { sendAgain } from '../infra/redelivery-rows.js';

/**
 * Sends a delivery again, to the byte, under the same id and with all its tries; one that is pending
 * is tried at once. Refuses `NOT_FOUND`, also to the tenant for a delivery to the platform's own
 * services, and `CONFLICT` when its endpoint is disabled, removed or not configured.
 */
export class Redeliver extends Command<Delivery | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

@CommandHandler(Redeliver)
export class RedeliverHandler implements ICommandHandler<Redeliver> {
  constructor(
    private readonly database: Database,
    private readonly targets: DeliveryTargets,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ principal, id }: Redeliver): Promise<Delivery | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, deliveryReading(tenantId, id));
    const before = found?.rows[0] && deliveryOf(found.rows[0]);
    if (!before || !this.targets.maySend(principal, before.endpointId)) {
      return refuse('NOT_FOUND', 'There is no such delivery');
    }
    const target = await this.targets.find(tenantId, before.endpointId);
    if (typeof target === 'string') return refuse('CONFLICT', NO_TARGET[target]);
    const [, , read] = await this.database.transact(tenantId, [
      sendAgain(tenantId, id),
      audit(tenantId, {
        actor: userActor(principal),
        action: 'webhook_delivery.redelivered',
        object: { type: 'webhook_delivery', id },
        before: { status: before.status, attempts: before.attempts },
        after: { status: 'pending' },
      }),
      ...deliveryReading(tenantId, id),
    ]);
    this.tasks.nudge(WEBHOOK_DELIVERIES);
    const row = read?.rows[0];
    if (!row) return refuse('NOT_FOUND', 'There is no such delivery');
    return deliveryOf(row);
  }
}
