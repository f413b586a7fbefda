import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.js';
import { pathOf, toAppError } from './error-answer.js';
import { type HttpAdapter, sendError } from './http-adapter.js';

/** Turns every exception into the error envelope; what is our fault is logged with its stack. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Error');

  constructor(private readonly adapter: HttpAdapter) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { request } = reply;
    const error = this.methodNotAllowed(request, reply) ?? toAppError(exception);
    if (error.code === 'INTERNAL_ERROR') this.log.error(exception);
    else if (error.statusCode >= 500) this.log.warn({ msg: error.message, err: exception });
    if (reply.sent || reply.raw.headersSent) return;
    void sendError(reply, error);
  }

  private methodNotAllowed(request: FastifyRequest, reply: FastifyReply): AppError | undefined {
    if (!request.is404) return undefined;
    const methods = this.adapter.methodsFor(request.url.split('?', 1)[0] ?? '');
    if (methods.length === 0) return undefined;
    reply.header('allow', methods.join(', '));
    return new AppError('METHOD_NOT_ALLOWED', `${pathOf(request.url)} has no ${request.method}`);
  }
}
