import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

const configOf = new WeakMap<object, FastifyContextConfig>();

/** Adds to what Fastify keeps of a handler's route; repeated and combined uses add up. */
export function extendRouteConfig(part: FastifyContextConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const all = { ...configOf.get(handler), ...part };
    configOf.set(handler, all);
    RouteConfig(all)(target, key, descriptor);
  };
}
