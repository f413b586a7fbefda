import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { closeItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { WebhookEndpoint } from '../domain/endpoint.js';
import {
  ENDPOINT_GONE,
  endpointOf,
  endpointReading,
  updateEndpoint,
} from '../infra/endpoint-rows.js';
import { EndpointWishes } from '../infra/endpoint-wishes.js';
import { auditedEndpoint } from './audited-endpoint.js';
import type { EndpointWish } from './create-endpoint.js';

/**
 * Changes what is given and leaves the rest, also what others change at the same time. Enabled again,
 * an endpoint is as good as new; what was skipped meanwhile is sent by hand. Refuses `NOT_FOUND`, as
 * at its creation `VALIDATION_ERROR`, and `CONFLICT` when others would not stop changing it.
 */
export class ChangeEndpoint extends Command<WebhookEndpoint | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
    readonly wish: Partial<EndpointWish>,
  ) {
    super();
  }
}

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such endpoint');
const CHANGED_MEANWHILE = refuse('CONFLICT', 'The endpoint is being changed by others');

@CommandHandler(ChangeEndpoint)
export class ChangeEndpointHandler implements ICommandHandler<ChangeEndpoint> {
  constructor(
    private readonly database: Database,
    private readonly wishes: EndpointWishes,
  ) {}

  async execute(command: ChangeEndpoint): Promise<WebhookEndpoint | Refusal> {
    return (await this.change(command)) ?? (await this.change(command)) ?? CHANGED_MEANWHILE;
  }

  /** Undefined: the endpoint was no longer as it had been read, and nothing was written. */
  private async change({
    principal,
    id,
    wish,
  }: ChangeEndpoint): Promise<WebhookEndpoint | Refusal | undefined> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [endpointReading(tenantId, id)]);
    const before = found?.rows[0] && endpointOf(found.rows[0]);
    if (!before) return NOT_FOUND;
    const { url = before.url, eventTypes = before.eventTypes } = wish;
    const admitted = this.wishes.admit({ url, eventTypes });
    if (isRefusal(admitted)) return admitted;
    const { description = before.description } = wish;
    const changes = { ...admitted, description, ...enabling(before, wish.enabled) };
    const isElsewhere = changes.url !== before.url;
    const after = { ...before, ...changes, ...(isElsewhere && { failingSince: null }) };
    const enabled = before.disabledReason !== null && after.disabledReason === null;
    try {
      const results = await this.database.transact(tenantId, [
        updateEndpoint(tenantId, after),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'webhook_endpoint.changed',
          object: { type: 'webhook_endpoint', id },
          before: auditedEndpoint(before),
          after: auditedEndpoint(after),
        }),
        ...(enabled
          ? [closeItem(tenantId, 'webhook_endpoint_disabled', id, 'It was enabled again')]
          : []),
        ...(enabled || isElsewhere
          ? [closeItem(tenantId, 'webhook_delivery_failed', id, 'The endpoint was changed')]
          : []),
        endpointReading(tenantId, id),
      ]);
      const [row] = results.at(-1)?.rows ?? [];
      return row ? endpointOf(row) : NOT_FOUND;
    } catch (error) {
      if (asDatabaseError(error)?.detail === ENDPOINT_GONE) return undefined;
      throw error;
    }
  }
}

function enabling(
  { disabledReason, failingSince }: WebhookEndpoint,
  enabled: boolean | undefined,
): Pick<WebhookEndpoint, 'disabledReason' | 'failingSince'> {
  if (enabled === undefined) return { disabledReason, failingSince };
  return enabled
    ? { disabledReason: null, failingSince: disabledReason === null ? failingSince : null }
    : { disabledReason: disabledReason ?? 'administrator', failingSince };
}
