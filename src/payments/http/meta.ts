import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from '../../kernel/http/index.js';
import { requestContext } from '../../kernel/observability/request-context.js';
import type { RequestMeta } from '../commands/request-meta.js';

/** Everything about the request of a purchase but its body. */
export const Meta = createParamDecorator((_: unknown, context: ExecutionContext): RequestMeta => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  if (!request.principal) throw new Error('a public route asked for its caller');
  return {
    principal: request.principal,
    idempotencyKey: idempotencyKeyOf(request),
    requestId: request.id,
    path: request.url.split('?', 1)[0] ?? '',
    correlationId: requestContext()?.correlationId ?? request.id,
    ipAddress: request.ip,
    userAgent: request.headers['user-agent'],
    clientHints: clientHints(request),
    accessToken: only(request.headers['x-access-token']),
    at: new Date(),
  };
});

/** User-agent client hints that every browser that has them sends (wicg.github.io/ua-client-hints). */
const CLIENT_HINTS = ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform'];

function clientHints({ headers }: FastifyRequest): Readonly<Record<string, string>> {
  const sent = CLIENT_HINTS.flatMap((name) => {
    const value = only(headers[name]);
    return value === undefined ? [] : [[name, value.slice(0, 512)]];
  });
  return Object.fromEntries(sent) as Record<string, string>;
}

/** A header that is there once. */
function only(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The correlation id of the request under way. */
export const CorrelationId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    requestContext()?.correlationId ?? context.switchToHttp().getRequest<FastifyRequest>().id,
);
