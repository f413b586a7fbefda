import type { ServerResponse } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/index.js';
import { AppError, isRefusal } from '../errors.js';
import { Answer } from './answer.js';
import { errorBody, errorHeaders } from './error-answer.js';
import { fastifyOptions } from './fastify-options.js';
import { isTakenRaw } from './raw-body.js';
import { readJson } from './read-json.js';
import { addRequestHooks } from './request-hooks.js';
import { RouteTable } from './route-table.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's bytes as they came; undefined without a body. */
    rawBody?: Buffer;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';
const ACCEPTED_TYPE = /^application\/json\s*(;\s*charset="?utf-?8"?\s*)?$/i;

/**
 * Nest's Fastify with our edge: strict JSON as the only body, request ids and metrics, and handlers
 * that may answer with an `Answer` or a `Refusal` beside plain values. Doing that here instead of
 * in interceptors keeps Rx out of the path of every request.
 */
export class HttpAdapter extends FastifyAdapter {
  private readonly routes: RouteTable;
  private readonly headers: Record<string, string> = {};
  private closing = false;

  constructor(config: Config) {
    super(fastifyOptions(config));
    const server = this.getInstance();
    server.decorateRequest('rawBody', undefined);
    this.routes = new RouteTable(server);
    addRequestHooks(server, this.headers);
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      (request, bytes: Buffer, done) => {
        try {
          done(null, readBody(request, bytes));
        } catch (error) {
          done(error as Error);
        }
      },
    );
    server.addHook('onSend', (_request, reply, payload, done) => {
      if (this.closing) reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Headers of every answer. */
  useSecurityHeaders(headers: Readonly<Record<string, string>>): void {
    Object.assign(this.headers, headers);
  }

  /** From now on every answer asks the client to open a new connection elsewhere. */
  askClientsToLeave(): void {
    this.closing = true;
  }

  /** The methods that the path has, if any. */
  methodsFor(path: string): string[] {
    return this.routes.methodsFor(path);
  }

  override registerParserMiddleware(): void {
    // Nothing to do: the parser stands from the start, whatever Nest is told about body parsing.
  }

  override reply(
    response: ServerResponse | FastifyReply,
    body: unknown,
    status?: number,
  ): FastifyReply {
    if (body instanceof Answer && 'request' in response) {
      return response.code(body.status).headers(body.headers).type(JSON_TYPE).send(body.body);
    }
    if (isRefusal(body) && 'request' in response) return sendError(response, AppError.from(body));
    return super.reply(response, body, status);
  }
}

function readBody(request: FastifyRequest, bytes: Buffer): unknown {
  if (!ACCEPTED_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be UTF-8');
  }
  request.rawBody = bytes;
  return isTakenRaw(request) ? undefined : readJson(bytes);
}

/** Sends the error envelope. */
export function sendError(reply: FastifyReply, error: AppError): FastifyReply {
  const { url, id } = reply.request;
  return reply
    .code(error.statusCode)
    .headers(errorHeaders(error))
    .type(JSON_TYPE)
    .send(JSON.stringify(errorBody(error, url, id)));
}
