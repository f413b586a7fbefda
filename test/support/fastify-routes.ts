import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Every route that the router knows, as `GET /x/{y}`, read from the tree that Fastify prints. */
export function registeredRoutes(app: NestFastifyApplication): string[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) return [];
    const [, indent = '', segment = '', methods = ''] = found;
    const depth = indent.length / 4;
    above.splice(depth);
    above[depth] = segment;
    const path = above.join('').replace(/:(\w+)/g, '{$1}');
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${path}`);
  });
}
