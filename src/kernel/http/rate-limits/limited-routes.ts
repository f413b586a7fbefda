import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { EndpointLimit } from './rate-limit.js';

/** A limit and the routes that count towards it, such as `POST /api/payments/charge`. */
export interface LimitedEndpoint extends EndpointLimit {
  readonly routes: readonly string[];
}

/** The endpoints that have a limit of their own, as their routes say. */
@Injectable()
export class LimitedRoutes {
  private readonly byName = new Map<string, LimitedEndpoint>();

  /** Notes every route that the server is given from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url, config }) => {
      const limit = config?.rateLimit;
      if (limit && limit !== 'none') this.note(limit, `${[method].flat().join(', ')} ${url}`);
    });
  }

  /** By name. */
  all(): LimitedEndpoint[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private note({ name, perMinute }: EndpointLimit, route: string): void {
    const known = this.byName.get(name);
    if (known && known.perMinute !== perMinute) {
      throw new Error(`${route} has another figure than ${known.routes.join(', ')} for ${name}`);
    }
    this.byName.set(name, { name, perMinute, routes: [...(known?.routes ?? []), route].sort() });
  }
}
