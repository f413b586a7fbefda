import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { WebhookEndpoint } from '../domain/endpoint.js';
import { endpointOf, endpointReading } from '../infra/endpoint-rows.js';

/** One of a tenant's endpoints. Refuses `NOT_FOUND`. */
export class GetEndpoint extends Query<WebhookEndpoint | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly id: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetEndpoint)
export class GetEndpointHandler implements IQueryHandler<GetEndpoint> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, id }: GetEndpoint): Promise<WebhookEndpoint | Refusal> {
    const [found] = await this.database.read(tenantId, [endpointReading(tenantId, id)]);
    const row = found?.rows[0];
    return row ? endpointOf(row) : refuse('NOT_FOUND', 'There is no such endpoint');
  }
}
