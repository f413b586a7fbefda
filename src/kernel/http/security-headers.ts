import helmet from '@fastify/helmet';
import { fastify } from 'fastify';

const SELF = ["'self'"];

/** Nothing may be loaded but what the bundled Swagger UI needs from this origin. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: SELF,
    styleSrc: [...SELF, "'unsafe-inline'"],
    imgSrc: [...SELF, 'data:'],
    connectSrc: SELF,
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

const OF_ANY_ANSWER = new Set(['content-type', 'content-length', 'date', 'connection']);

/**
 * The headers that helmet gives an answer. They never differ, and helmet builds them anew for every
 * request, which costs as much as the rest of a small one: so they are asked for once, of a server
 * that lives only for that.
 */
export async function securityHeaders(): Promise<Record<string, string>> {
  const server = fastify();
  await server.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    frameguard: { action: 'deny' },
  });
  server.get('/', () => '');
  const { headers } = await server.inject('/');
  await server.close();
  const own = Object.entries(headers).filter(([name]) => !OF_ANY_ANSWER.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}
