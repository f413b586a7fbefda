import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '../config/index.js';
import { Draining } from '../observability/health/draining.js';
import { ErrorFilter } from './error-filter.js';
import { HttpAdapter } from './http-adapter.js';
import { securityHeaders } from './security-headers.js';
import { validationPipe } from './validation.js';

/** What a page of another origin may send. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'x-access-token',
  'x-correlation-id',
];

/** What a page of another origin may read. */
const EXPOSED_HEADERS = [
  'idempotent-replayed',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-correlation-id',
  'x-request-id',
];

export function createHttpAdapter(config: Config): HttpAdapter {
  return new HttpAdapter(config);
}

/** Everything of the edge that is not the adapter's: security headers, CORS, validation, errors. */
export async function configureApp(app: NestFastifyApplication, config: Config): Promise<void> {
  const adapter = app.getHttpAdapter();
  if (!(adapter instanceof HttpAdapter)) throw new Error('the application needs createHttpAdapter');
  app.get(Draining).onBegin(() => {
    adapter.askClientsToLeave();
  });
  adapter.useSecurityHeaders(await securityHeaders());
  if (config.http.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...config.http.corsOrigins],
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ALLOWED_HEADERS,
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: 600,
    });
  }
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ErrorFilter(adapter));
}
