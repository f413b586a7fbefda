import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../../config/index.js';
import { ChangeRateLimitsHandler } from './change-rate-limits.js';
import { Counters, OwnCounters } from './counters.js';
import { GetRateLimitsHandler } from './get-rate-limits.js';
import { LimitedRoutes } from './limited-routes.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimitReports } from './rate-limit-report.js';
import { RateLimiter } from './rate-limiter.js';
import { RateLimitsController } from './rate-limits.controller.js';
import { TenantFigures } from './tenant-figures.js';

/**
 * Limits how often addresses, users and users at an endpoint call. Guards run in the order of the
 * modules that bring them: it belongs behind `AuthModule`, and takes `limitRequests` to count
 * addresses. Nothing of Redis is loaded where there is none.
 */
@Module({})
export class RateLimitsModule {
  static async register({ redis }: Config): Promise<DynamicModule> {
    const counters = redis ? (await import('./shared-counters.js')).SharedCounters : OwnCounters;
    return {
      module: RateLimitsModule,
      controllers: [RateLimitsController],
      providers: [
        { provide: Counters, useClass: counters },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        TenantFigures,
        RateLimiter,
        LimitedRoutes,
        RateLimitReports,
        GetRateLimitsHandler,
        ChangeRateLimitsHandler,
      ],
    };
  }
}
