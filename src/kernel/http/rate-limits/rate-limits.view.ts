import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../errors.js';
import type { LimitReport } from './rate-limit-report.js';

export class RateLimitView {
  @ApiProperty({
    example: 'user',
    description:
      '`address`: everybody at one address together, set for the platform’s tenant; `user`: one ' +
      'user; else one user at the routes told.',
  })
  name: string;

  @ApiProperty({ example: 120, description: 'Requests a minute, as it holds.' })
  perMinute: number;

  @ApiProperty({ example: 60, description: 'What it is without a figure of the tenant’s own.' })
  standard: number;

  @ApiProperty({ type: [String], example: [], description: 'None: all routes count.' })
  routes: readonly string[];
}

export class RateLimitsView {
  @ApiProperty({ type: [RateLimitView] })
  limits: RateLimitView[];
}

/** As they are answered; a refusal passes through. */
export function rateLimitsView(limits: LimitReport[] | Refusal): RateLimitsView | Refusal {
  return isRefusal(limits) ? limits : { limits };
}
