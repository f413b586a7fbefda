import type { FastifyInstance } from 'fastify';
import type { RateLimiter } from './rate-limiter.js';
import { announce } from './standing.js';

/**
 * Counts every request for its address before anything is read, verified or asked of a database,
 * those that no route matches included. Whose `X-Forwarded-For` says the address is a list
 * (`TRUSTED_PROXIES`). It comes after CORS: a page may read the refusal, and preflights, which reach
 * nothing, are not counted. Nor is a URL that the router cannot read (`/x/%`): no hook runs for it,
 * and its refusal, which asks nothing of anybody, costs less than to count it.
 */
export function limitAddresses(server: FastifyInstance, limiter: RateLimiter): void {
  server.decorateRequest('rateLimit', undefined);
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.rateLimit === 'none') return;
    announce(reply, [await limiter.ofAddress(request)]);
  });
}
