import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RateLimiter } from './rate-limiter.js';
import { announce } from './standing.js';

/**
 * Stands behind the guard of access: counts for the user and the endpoint, before any handler. What
 * that one refuses has counted for its address.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { rateLimit } = reply.request.routeOptions.config;
    if (rateLimit === 'none') return true;
    announce(reply, await this.limiter.ofCaller(reply.request, rateLimit));
    return true;
  }
}
