import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { Draining } from './draining.js';
import { type ReadinessCheck, ReadinessChecks } from './readiness-checks.js';

const TIMEOUT_MS = 2_000;
const REUSED_MS = 1_000;

/**
 * Runs the registered checks through Terminus. A check may take two seconds; a report is reused for
 * one, so that public health routes cannot be used to load the database.
 */
@Injectable()
export class HealthReport {
  private readonly log = new Logger('Health');
  private latest: { readonly at: number; readonly report: Promise<HealthCheckResult> } | undefined;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly checks: ReadinessChecks,
    private readonly draining: Draining,
  ) {}

  /** `ok`, `degraded` (something optional is away), `error`, or `shutting_down`; never throws. */
  async take(): Promise<HealthCheckResult> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > REUSED_MS) {
      this.latest = { at: now, report: this.run() };
    }
    const report = await this.latest.report;
    return this.draining.begun ? { ...report, status: 'shutting_down' } : report;
  }

  private async run(): Promise<HealthCheckResult> {
    try {
      return await this.health.check(this.checks.all().map((check) => this.indicator(check)));
    } catch (error) {
      if (error instanceof ServiceUnavailableException) {
        return error.getResponse() as HealthCheckResult;
      }
      throw error;
    }
  }

  private indicator(check: ReadinessCheck): HealthIndicatorFunction {
    const session = this.indicators.check(check.name);
    return async () => {
      try {
        return session.up(await inTime(check.check()));
      } catch (error) {
        this.log.warn({ msg: `${check.name} is not healthy`, err: error });
        return check.critical ? session.down() : session.degraded();
      }
    };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), TIMEOUT_MS);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
