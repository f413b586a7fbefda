import { Inject, Injectable } from '@nestjs/common';
import type * as z from 'zod';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { askPlatform } from '../../kernel/http/ask-platform.js';
import type { Uuid } from '../../kernel/ids.js';
import { catalogEvent, catalogVenue } from './catalog-answers.js';
import { RecentAnswers } from './recent-answers.js';
import {
  type CatalogEvent,
  type CatalogOptions,
  type CatalogVenue,
  TicketCatalog,
} from './ticket-catalog.js';

const MAX_ANSWERS = 5_000;

type Answer = CatalogEvent | CatalogVenue | 'not_found';

/** The ticket service over HTTP: `GET /api/v1/events/:id` and `/venues/:id` with `x-tenant-id`. */
@Injectable()
export class HttpTicketCatalog extends TicketCatalog {
  private readonly recent: RecentAnswers<Answer>;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'platform'>) {
    super();
    const { catalogCacheMs } = config.platform;
    this.recent = new RecentAnswers(MAX_ANSWERS, catalogCacheMs, (a) => a !== 'not_found');
  }

  event(tenantId: Uuid, eventId: Uuid, options?: CatalogOptions) {
    return this.lookUp(tenantId, 'events', eventId, catalogEvent, options);
  }

  venue(tenantId: Uuid, venueId: Uuid, options?: CatalogOptions) {
    return this.lookUp(tenantId, 'venues', venueId, catalogVenue, options);
  }

  private lookUp<T extends CatalogEvent | CatalogVenue>(
    tenantId: Uuid,
    kind: 'events' | 'venues',
    id: Uuid,
    shape: z.ZodType<T>,
    { fresh = false }: CatalogOptions = {},
  ): Promise<T | 'not_found'> {
    const path = `/api/v1/${kind}/${encodeURIComponent(id)}`;
    const ask = () => this.ask(tenantId, path, id, shape);
    return this.recent.get(`${tenantId} ${path}`, ask, fresh) as Promise<T | 'not_found'>;
  }

  private ask<T extends CatalogEvent | CatalogVenue>(
    tenantId: Uuid,
    path: string,
    id: Uuid,
    shape: z.ZodType<T>,
  ): Promise<T | 'not_found'> {
    const { ticketServiceUrl: baseUrl, timeoutMs } = this.config.platform;
    return askPlatform({
      baseUrl,
      path,
      tenantId,
      shape: shape.refine((found) => found.id === id.toLowerCase(), 'is another id'),
      timeoutMs,
      unavailable: 'TICKET_SERVICE_UNAVAILABLE',
    });
  }
}
