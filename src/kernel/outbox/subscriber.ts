import { DiscoveryService } from '@nestjs/core';
import type { Statement } from '../postgres/sql.js';
import type { IntegrationEvent } from './integration-event.js';

/**
 * Follows events of other modules. The statements it answers commit in one transaction with the
 * note that this subscriber has had this event, as the event's tenant, exactly once.
 *
 * Events come in no particular order, and other work may run between the answer and its commit:
 * what `handle` read must be checked again by its statements, with `guard()`; when a guard refuses,
 * `handle` is asked anew. Beside reading it must have no effect of its own. Throwing, or
 * statements that PostgreSQL refuses, reject the event: five rejections make it a dead letter.
 */
export interface Subscriber {
  handle(event: IntegrationEvent): readonly Statement[] | Promise<readonly Statement[]>;
}

export interface SubscriberOptions {
  /** Never rename: what it has handled is noted under its name. */
  readonly name: string;
  /** Types of events, such as `payment.completed`, or all that the catalogue has. */
  readonly events: readonly string[] | 'catalogue';
  /**
   * For those who follow the events of few tenants: a condition on the outbox row `o` that holds
   * wherever there is something to handle. An event that nobody else follows, and for which it does
   * not hold, costs nothing. Source code that becomes SQL as it stands.
   */
  readonly onlyWhere?: string;
  /**
   * For those whose work needs a configuration that not every worker has: has this one? What `handle`
   * answers must not depend on it. Where it is false, the subscriber follows what another worker has
   * announced, within a day, to be configured for, and nothing while nobody is.
   */
  readonly configured?: boolean;
}

/** Marks a provider that implements `Subscriber`; the relay finds it by itself. */
export const DurableSubscriber = DiscoveryService.createDecorator<SubscriberOptions>();
