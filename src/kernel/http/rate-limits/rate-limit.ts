import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { extendRouteConfig } from '../route-config.js';

/** The member of an operation in the OpenAPI document that tells its own limit, or `none`. */
export const LIMIT_EXTENSION = 'x-rate-limit';

/** A limit that the routes of one name share, for each caller. */
export interface EndpointLimit {
  /** Two words or more with dots between, such as `payments.process`. */
  readonly name: string;
  /** Unless the configuration or the tenant's own figures say otherwise. */
  readonly perMinute: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A limit beside those of addresses and users, or none at all. */
    rateLimit?: EndpointLimit | 'none';
  }
}

const limit = (rateLimit: EndpointLimit | 'none') =>
  applyDecorators(extendRouteConfig({ rateLimit }), ApiExtension(LIMIT_EXTENSION, rateLimit));

/**
 * Limits how often one user (one address, where nobody is signed in) calls the route, beside what
 * all routes together are limited to. Routes of the same name count together.
 */
export const RateLimit = (name: string, perMinute: number): MethodDecorator =>
  limit({ name, perMinute });

/**
 * No limit counts here: for probes, and for senders who sign what they send, come from few addresses
 * and must lose nothing. Whoever uses it refuses what is not signed before it costs anything.
 */
export const NotRateLimited = (): MethodDecorator => limit('none');
