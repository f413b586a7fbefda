import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  ENDPOINT_GONE,
  endpointOf,
  endpointReading,
  rotateEndpointSecret,
} from '../infra/endpoint-rows.js';
import { EndpointSecrets } from '../infra/endpoint-secrets.js';
import { newSigningSecret } from '../infra/sign-message.js';
import type { EndpointWithSecret } from './create-endpoint.js';

/** Gives an endpoint a new secret; the one of until now signs beside it for 24 hours. Refuses `NOT_FOUND`. */
export class RotateSecret extends Command<EndpointWithSecret | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

@CommandHandler(RotateSecret)
export class RotateSecretHandler implements ICommandHandler<RotateSecret> {
  constructor(
    private readonly database: Database,
    private readonly secrets: EndpointSecrets,
  ) {}

  async execute({ principal, id }: RotateSecret): Promise<EndpointWithSecret | Refusal> {
    const { tenantId } = principal;
    const secret = newSigningSecret();
    try {
      const results = await this.database.transact(tenantId, [
        rotateEndpointSecret(tenantId, id, this.secrets.seal(tenantId, id, secret)),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'webhook_endpoint.secret_rotated',
          object: { type: 'webhook_endpoint', id },
          before: null,
          after: null,
        }),
        endpointReading(tenantId, id),
      ]);
      const [row] = results.at(-1)?.rows ?? [];
      if (!row) throw new Error(`the endpoint ${id} has gone`);
      return { endpoint: endpointOf(row), secret };
    } catch (error) {
      if (asDatabaseError(error)?.detail !== ENDPOINT_GONE) throw error;
      return refuse('NOT_FOUND', 'There is no such endpoint');
    }
  }
}
