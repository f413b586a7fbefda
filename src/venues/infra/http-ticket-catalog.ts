import { Inject, Injectable, Logger } from '@nestjs/common';
import type * as z from 'zod';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { AppError } from '../../kernel/errors.js';
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
const RETRY_AFTER_SECONDS = 2;

type Answer = CatalogEvent | CatalogVenue | 'not_found';

/** The ticket service over HTTP: `GET /api/v1/events/:id` and `/venues/:id` with `x-tenant-id`. */
@Injectable()
export class HttpTicketCatalog extends TicketCatalog {
  private readonly log = new Logger(HttpTicketCatalog.name);
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

  private async ask<T extends CatalogEvent | CatalogVenue>(
    tenantId: Uuid,
    path: string,
    id: Uuid,
    shape: z.ZodType<T>,
  ): Promise<T | 'not_found'> {
    try {
      const response = await this.fetch(tenantId, path);
      const body: unknown = await response.json();
      if (response.status === 404) return 'not_found';
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const found = shape.parse(body);
      if (found.id !== id.toLowerCase()) throw new Error(`answered with another id`);
      return found;
    } catch (error) {
      this.log.warn({ msg: 'the ticket service gave no usable answer', path, err: error });
      throw new AppError('TICKET_SERVICE_UNAVAILABLE', 'The ticket service is not available', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
  }

  private fetch(tenantId: Uuid, path: string): Promise<Response> {
    const { ticketServiceUrl, timeoutMs } = this.config.platform;
    return fetch(`${ticketServiceUrl}${path}`, {
      headers: { 'x-tenant-id': tenantId, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  }
}
