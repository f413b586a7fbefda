import type { FastifyInstance } from 'fastify';

interface Route {
  readonly methods: readonly string[];
  readonly segments: readonly string[];
}

/** Which methods a path has, for answering 405 instead of 404; asked only when nothing matched. */
export class RouteTable {
  private readonly routes: Route[] = [];

  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ method, url }) => {
      if (url !== '*') this.routes.push({ methods: [method].flat(), segments: url.split('/') });
    });
  }

  /** Sorted; empty when no route has this path. */
  methodsFor(path: string): string[] {
    const segments = path.split('/');
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    return [...new Set(matching.flatMap(({ methods }) => methods))].sort();
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, i) => (part.startsWith(':') ? path[i] !== '' : part === path[i]));
}
