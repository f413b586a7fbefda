import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Delivery } from '../domain/delivery.js';
import { messageOf } from '../domain/message.js';
import { TEST_EVENT } from '../domain/published-events.js';
import { WEBHOOK_DELIVERIES } from '../infra/delivery-lanes.js';
import { deliveryOf, deliveryReading, insertDelivery } from '../infra/delivery-rows.js';
import { endpointOf, endpointReading } from '../infra/endpoint-rows.js';

/**
 * Sends `webhook.test` to an endpoint, whatever it wants to hear of; the log tells how it went.
 * Refuses `NOT_FOUND`, and `CONFLICT` while the endpoint is disabled.
 */
export class SendTest extends Command<Delivery | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly endpointId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(SendTest)
export class SendTestHandler implements ICommandHandler<SendTest> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, endpointId }: SendTest): Promise<Delivery | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [endpointReading(tenantId, endpointId)]);
    const endpoint = found?.rows[0] && endpointOf(found.rows[0]);
    if (!endpoint) return refuse('NOT_FOUND', 'There is no such endpoint');
    if (endpoint.disabledReason !== null) return refuse('CONFLICT', 'The endpoint is disabled');
    const [id, eventId] = [newId(), newId()];
    const body = messageOf({
      id: eventId,
      tenantId,
      type: TEST_EVENT,
      version: 1,
      aggregateType: 'webhook_endpoint',
      aggregateId: endpointId,
      sequence: this.clock.now().getTime(),
      occurredAt: this.clock.now(),
      payload: { endpointId },
    });
    const [, , read] = await this.database.transact(tenantId, [
      insertDelivery(tenantId, {
        id,
        endpointId,
        eventId,
        eventType: TEST_EVENT,
        body,
        correlationId: null,
        skipped: false,
      }),
      audit(tenantId, {
        actor: userActor(principal),
        action: 'webhook_endpoint.tested',
        object: { type: 'webhook_endpoint', id: endpointId },
        before: null,
        after: { deliveryId: id },
      }),
      ...deliveryReading(tenantId, id),
    ]);
    this.tasks.nudge(WEBHOOK_DELIVERIES);
    const row = read?.rows[0];
    if (!row) throw new Error(`the delivery ${id} was not kept`);
    return deliveryOf(row);
  }
}
