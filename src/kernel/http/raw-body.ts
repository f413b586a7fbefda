import type { FastifyRequest } from 'fastify';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is left as bytes in `rawBody`. */
    takesRawBody?: boolean;
  }
}

/**
 * The handler takes the body as it came and reads it itself: for senders who sign their bytes and
 * follow rules of their own. Media type and size are still checked.
 */
export const TakesRawBody = (): MethodDecorator => extendRouteConfig({ takesRawBody: true });

export function isTakenRaw(request: FastifyRequest): boolean {
  return request.routeOptions.config.takesRawBody === true;
}
