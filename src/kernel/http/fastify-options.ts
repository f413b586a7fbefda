import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/index.js';
import { AppError } from '../errors.js';
import { newId } from '../ids.js';
import { errorBody, toAppError } from './error-answer.js';
import { requestIdOf } from './request-ids.js';

const SECOND = 1_000;

/**
 * The server's limits: 1 MiB of body, 16 KiB of headers, 10 s to send the headers and 15 s the
 * whole request (slow senders hold no socket), paths matched exactly as written.
 */
export function fastifyOptions({ http }: Config): FastifyHttpOptions<Server> {
  return {
    bodyLimit: 1_048_576,
    requestTimeout: 15 * SECOND,
    connectionTimeout: 120 * SECOND,
    keepAliveTimeout: 72 * SECOND,
    trustProxy: http.trustedProxies.length > 0 ? [...http.trustedProxies] : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    requestIdHeader: false,
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 256,
    },
    clientErrorHandler,
    frameworkErrors,
    http: {
      maxHeaderSize: 16_384,
      headersTimeout: 10 * SECOND,
      connectionsCheckingInterval: 2 * SECOND,
    },
  };
}

/** A URL that the router cannot read (`/x/%`): no hook runs, so the answer is written here. */
function frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toAppError(error);
  const body = errorBody(refusal, request.raw.url ?? '', request.id);
  void reply
    .code(refusal.statusCode)
    .headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' })
    .type('application/json; charset=utf-8')
    .serializer((payload) => String(payload))
    .send(JSON.stringify(body));
}

/** Bytes that are no HTTP request, or one that does not end: the parser gives up before routing. */
function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = statusOf(error.code);
  const refusal = new AppError('BAD_REQUEST', STATUS_CODES[status] ?? 'Bad Request');
  const body = JSON.stringify(errorBody(refusal, '', newId()));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function statusOf(code: string | undefined): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}
