import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { WebhookEndpoint } from '../domain/endpoint.js';
import {
  endpointOf,
  endpointReading,
  insertEndpoint,
  MOST_ENDPOINTS,
  TOO_MANY_ENDPOINTS,
} from '../infra/endpoint-rows.js';
import { EndpointSecrets } from '../infra/endpoint-secrets.js';
import { EndpointWishes } from '../infra/endpoint-wishes.js';
import { newSigningSecret } from '../infra/sign-message.js';
import { auditedEndpoint } from './audited-endpoint.js';

export interface EndpointWish {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly description: string | null;
  readonly enabled: boolean;
}

/** An endpoint with its secret, which is told this once. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/**
 * Lets a tenant hear of events from now on. Refuses `VALIDATION_ERROR` (an address that may not be
 * reached, an event that does not exist) and `CONFLICT` when the tenant has 100 endpoints.
 */
export class CreateEndpoint extends Command<EndpointWithSecret | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly wish: EndpointWish,
  ) {
    super();
  }
}

@CommandHandler(CreateEndpoint)
export class CreateEndpointHandler implements ICommandHandler<CreateEndpoint> {
  constructor(
    private readonly database: Database,
    private readonly wishes: EndpointWishes,
    private readonly secrets: EndpointSecrets,
  ) {}

  async execute({ principal, wish }: CreateEndpoint): Promise<EndpointWithSecret | Refusal> {
    const { tenantId, userId } = principal;
    const admitted = this.wishes.admit(wish);
    if (isRefusal(admitted)) return admitted;
    const id = newId();
    const secret = newSigningSecret();
    const created = {
      id,
      ...admitted,
      description: wish.description,
      disabledReason: wish.enabled ? null : ('administrator' as const),
      createdBy: userId,
      secret: this.secrets.seal(tenantId, id, secret),
    };
    try {
      const results = await this.database.transact(tenantId, [
        ...insertEndpoint(tenantId, created),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'webhook_endpoint.created',
          object: { type: 'webhook_endpoint', id },
          before: null,
          after: auditedEndpoint(created),
        }),
        endpointReading(tenantId, id),
      ]);
      const [row] = results.at(-1)?.rows ?? [];
      if (!row) throw new Error(`the endpoint ${id} was not created`);
      return { endpoint: endpointOf(row), secret };
    } catch (error) {
      if (asDatabaseError(error)?.detail !== TOO_MANY_ENDPOINTS) throw error;
      return refuse('CONFLICT', `There are ${MOST_ENDPOINTS} endpoints already`);
    }
  }
}
