import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { activeConnections, httpRequestSeconds } from '../observability/metrics.js';
import { withRequestContext } from '../observability/request-context.js';
import { describeSpan } from '../observability/trace-context.js';
import { pathOf } from './error-answer.js';
import { refuseHead } from './request-checks.js';
import { correlationIdOf } from './request-ids.js';

const log = new Logger('Http');

/**
 * What happens around every request: security headers, ids in and out, the log context, refusals from the head alone,
 * the duration metric and one access line (reads that succeed only at level debug).
 */
export function addRequestHooks(
  server: FastifyInstance,
  headers: Readonly<Record<string, string>>,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    const correlationId = correlationIdOf(request.raw, request.id);
    describeSpan(`${request.method} ${routeOf(request)}`, { 'http.route': routeOf(request) });
    reply.headers(headers);
    reply.header('x-request-id', request.id).header('x-correlation-id', correlationId);
    withRequestContext({ requestId: request.id, correlationId }, () => {
      done(refuseHead(request.raw));
    });
  });
  server.addHook('onResponse', (request, reply, done) => {
    measure(request, reply);
    done();
  });
  server.server.on('connection', (socket) => {
    activeConnections.inc();
    socket.once('close', () => activeConnections.dec());
  });
}

function measure(request: FastifyRequest, reply: FastifyReply): void {
  const { method } = request;
  const status = reply.statusCode;
  const route = routeOf(request);
  httpRequestSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000);
  const durationMs = Math.round(reply.elapsedTime * 10) / 10;
  const line = { msg: 'request', method, path: pathOf(request.url), route, status, durationMs };
  if (status < 400 && (method === 'GET' || method === 'HEAD')) log.debug(line);
  else log.log(line);
}

function routeOf({ is404, routeOptions }: FastifyRequest): string {
  return is404 ? 'unmatched' : (routeOptions.url ?? 'unmatched');
}
