import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { limitAddresses } from './limit-addresses.js';
import { LimitedRoutes } from './limited-routes.js';
import { RateLimiter } from './rate-limiter.js';

/** Begins to count requests; before the application has its routes, and after CORS is enabled. */
export function limitRequests(app: INestApplication): void {
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  app.get(LimitedRoutes).watch(server);
  limitAddresses(server, app.get(RateLimiter));
}
