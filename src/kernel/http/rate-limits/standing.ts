import type { FastifyReply } from 'fastify';
import { AppError } from '../../errors.js';
import { rateLimitRefusals } from '../../observability/metrics.js';
import type { Tally } from './counters.js';

/** Whom a limit is about: an address, a user of a tenant, or either of them at one endpoint. */
export type Level = 'address' | 'user' | 'endpoint';

/** How a caller stands with one limit, the request under way included. */
export interface Standing {
  readonly level: Level;
  /** Requests a minute. */
  readonly limit: number;
  readonly remaining: number;
  readonly exceeded: boolean;
  /** Until the minute is over; at least 1. */
  readonly resetSeconds: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the limits counted so far, the one that the answer tells. */
    rateLimit?: Standing;
  }
}

export function standing(level: Level, limit: number, { count, msLeft }: Tally): Standing {
  return {
    level,
    limit,
    remaining: Math.max(limit - count, 0),
    exceeded: count > limit,
    resetSeconds: Math.max(Math.ceil(msLeft / 1_000), 1),
  };
}

/** The one that matters: of those exceeded what lasts longest, else what has the least left. */
export function tightest(first: Standing, ...others: readonly Standing[]): Standing {
  return others.reduce((a, b) => (matters(b, a) ? b : a), first);
}

function matters(a: Standing, b: Standing): boolean {
  if (a.exceeded !== b.exceeded) return a.exceeded;
  return a.exceeded ? a.resetSeconds > b.resetSeconds : a.remaining < b.remaining;
}

/**
 * Tells the caller how it stands, in the fields that most clients read: `RateLimit-Limit`,
 * `RateLimit-Remaining` and `RateLimit-Reset` (seconds) of draft-ietf-httpapi-ratelimit-headers up
 * to -06; later drafts put the same into one structured field, which few read yet. They are of the
 * limit that is nearest. Throws RATE_LIMIT_EXCEEDED when one is exceeded.
 */
export function announce(reply: FastifyReply, now: readonly Standing[]): void {
  const { request } = reply;
  const [first, ...others] = request.rateLimit ? [request.rateLimit, ...now] : now;
  if (!first) return;
  const told = tightest(first, ...others);
  request.rateLimit = told;
  reply.headers({
    'ratelimit-limit': told.limit,
    'ratelimit-remaining': told.remaining,
    'ratelimit-reset': told.resetSeconds,
  });
  if (told.exceeded) throw refusal(told);
}

function refusal({ level, limit, resetSeconds }: Standing): AppError {
  rateLimitRefusals.inc({ level });
  return new AppError('RATE_LIMIT_EXCEEDED', 'Too many requests, try again later', {
    retryAfterSeconds: resetSeconds,
    extra: { level, limit },
  });
}
