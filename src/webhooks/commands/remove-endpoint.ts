import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { closeItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { WebhookEndpoint } from '../domain/endpoint.js';
import {
  deleteEndpoint,
  ENDPOINT_GONE,
  endpointOf,
  endpointReading,
} from '../infra/endpoint-rows.js';
import { auditedEndpoint } from './audited-endpoint.js';

/**
 * Removes an endpoint and forgets its secret; answers what it was. Its log stays, and what was on its
 * way there is skipped. Refuses `NOT_FOUND`.
 */
export class RemoveEndpoint extends Command<WebhookEndpoint | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

const REMOVED = 'The endpoint was removed';
const NOT_FOUND = refuse('NOT_FOUND', 'There is no such endpoint');

@CommandHandler(RemoveEndpoint)
export class RemoveEndpointHandler implements ICommandHandler<RemoveEndpoint> {
  constructor(private readonly database: Database) {}

  async execute({ principal, id }: RemoveEndpoint): Promise<WebhookEndpoint | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [endpointReading(tenantId, id)]);
    const endpoint = found?.rows[0] && endpointOf(found.rows[0]);
    if (!endpoint) return NOT_FOUND;
    try {
      await this.database.transact(tenantId, [
        deleteEndpoint(tenantId, id),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'webhook_endpoint.removed',
          object: { type: 'webhook_endpoint', id },
          before: auditedEndpoint(endpoint),
          after: null,
        }),
        closeItem(tenantId, 'webhook_delivery_failed', id, REMOVED),
        closeItem(tenantId, 'webhook_endpoint_disabled', id, REMOVED),
      ]);
      return endpoint;
    } catch (error) {
      if (asDatabaseError(error)?.detail === ENDPOINT_GONE) return NOT_FOUND;
      throw error;
    }
  }
}
