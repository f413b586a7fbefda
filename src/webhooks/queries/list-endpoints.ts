import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { WebhookEndpoint } from '../domain/endpoint.js';
import { endpointOf, endpointsReading } from '../infra/endpoint-rows.js';

export interface EndpointPage {
  readonly endpoints: readonly WebhookEndpoint[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** A tenant's endpoints, the latest first. */
export class ListEndpoints extends Query<EndpointPage> {
  constructor(
    readonly tenantId: Uuid,
    readonly page: { readonly before?: Uuid; readonly limit: number },
  ) {
    super();
  }
}

@QueryHandler(ListEndpoints)
export class ListEndpointsHandler implements IQueryHandler<ListEndpoints> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, page }: ListEndpoints): Promise<EndpointPage> {
    const { limit } = page;
    const [found] = await this.database.read(tenantId, [
      endpointsReading(tenantId, { ...page, limit: limit + 1 }),
    ]);
    const all = (found?.rows ?? []).map(endpointOf);
    const endpoints = all.slice(0, limit);
    const last = endpoints.at(-1);
    return all.length > limit && last ? { endpoints, nextCursor: last.id } : { endpoints };
  }
}
