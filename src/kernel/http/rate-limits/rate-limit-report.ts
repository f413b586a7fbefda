import { Injectable } from '@nestjs/common';
import type { Uuid } from '../../ids.js';
import { sql, type Statement } from '../../postgres/sql.js';
import { LimitedRoutes } from './limited-routes.js';
import { RateLimiter } from './rate-limiter.js';

/** A limit as it holds for a tenant; figures are requests a minute. */
export interface LimitReport {
  readonly name: string;
  readonly perMinute: number;
  /** What it is without a figure of the tenant's own. */
  readonly standard: number;
  /** The routes that count towards it; none: all do. */
  readonly routes: readonly string[];
}

/** What limits there are, and what they are for a tenant. */
@Injectable()
export class RateLimitReports {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly routes: LimitedRoutes,
  ) {}

  /** Limits that somebody may set; that of addresses counts before a tenant is known. */
  get names(): string[] {
    return this.standards().map(({ name }) => name);
  }

  /** From the rows that `figuresReading` answers. */
  of(rows: readonly object[]): LimitReport[] {
    const own = new Map((rows as FigureRow[]).map(({ name, per_minute }) => [name, per_minute]));
    return this.standards().map((limit) => ({
      ...limit,
      perMinute: own.get(limit.name) ?? limit.standard,
    }));
  }

  private standards(): Omit<LimitReport, 'perMinute'>[] {
    const levels = (['address', 'user'] as const).map((name) => ({
      name,
      standard: this.limiter.standardOf(name),
      routes: [],
    }));
    const endpoints = this.routes.all().map((endpoint) => ({
      name: endpoint.name,
      standard: this.limiter.standardOfEndpoint(endpoint),
      routes: endpoint.routes,
    }));
    return [...levels, ...endpoints];
  }
}

interface FigureRow {
  readonly name: string;
  readonly per_minute: number;
}

/** A tenant's own figures. */
export function figuresReading(tenantId: Uuid): Statement {
  return sql`SELECT name, per_minute FROM rate_limits WHERE tenant_id = ${tenantId}`;
}
