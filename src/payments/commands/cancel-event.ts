import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { OUTBOX_RELAY, publish } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { TicketCatalog } from '../../venues/venues.contract.js';
import { eventCancelled } from '../domain/event-cancelled.js';
import {
  CANCELLATION_KEY,
  insertCancellation,
  listPaymentsOf,
} from '../infra/cancellation-rows.js';
import { CANCELLATIONS } from '../infra/cancellation-worker.js';
import {
  type CancellationReport,
  GetEventCancellation,
} from '../queries/get-event-cancellation.js';

/**
 * Cancels an event: from now on nothing of it is sold, and every buyer gets back what its policy
 * lets back, or with `refundFees` everything. Asking again answers how far the job is. Refuses
 * `NOT_FOUND` to everybody who does not act for the venue.
 */
export class CancelEvent extends Command<CancellationReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
    readonly reason: string | null,
    readonly refundFees: boolean,
  ) {
    super();
  }
}

@CommandHandler(CancelEvent)
export class CancelEventHandler implements ICommandHandler<CancelEvent> {
  constructor(
    private readonly database: Database,
    private readonly catalog: TicketCatalog,
    private readonly tasks: PeriodicTasks,
    private readonly queries: QueryBus,
  ) {}

  async execute({ principal, eventId, reason, refundFees }: CancelEvent) {
    const { tenantId, userId: requestedBy } = principal;
    const event = await this.catalog.event(tenantId, eventId);
    if (event === 'not_found' || !manages(principal, event.venueId)) {
      return refuse('NOT_FOUND', 'There is no such event.');
    }
    const { venueId } = event;
    try {
      await this.database.transact(tenantId, [
        insertCancellation({ tenantId, eventId, venueId, reason, refundFees, requestedBy }),
        listPaymentsOf(tenantId, eventId),
        publish(tenantId, eventCancelled(eventId, { eventId, venueId, refundFees }, new Date())),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'event.cancelled',
          object: { type: 'event', id: eventId },
          before: null,
          after: { reason, refundFees },
        }),
      ]);
    } catch (error) {
      // The job is there already: its report is the answer.
      if (!failedWith(error, SQLSTATE.uniqueViolation, CANCELLATION_KEY)) throw error;
    }
    this.tasks.nudge(CANCELLATIONS);
    this.tasks.nudge(OUTBOX_RELAY);
    return this.queries.execute(new GetEventCancellation(principal, eventId));
  }
}
