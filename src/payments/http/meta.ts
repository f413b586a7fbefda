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
    at: new Date(),
  };
});

/** The correlation id of the request under way. */
export const CorrelationId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    requestContext()?.correlationId ?? context.switchToHttp().getRequest<FastifyRequest>().id,
);
