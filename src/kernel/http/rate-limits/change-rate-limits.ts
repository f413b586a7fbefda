import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { auditReading, userActor } from '../../audit/index.js';
import type { Principal } from '../../auth/principal.js';
import { CONFIG, type Config } from '../../config/index.js';
import { type FieldError, refuse, type Refusal } from '../../errors.js';
import type { Uuid } from '../../ids.js';
import { Database } from '../../postgres/database.js';
import { sql, type Statement } from '../../postgres/sql.js';
import { figuresReading, type LimitReport, RateLimitReports } from './rate-limit-report.js';
import { TenantFigures } from './tenant-figures.js';

export interface Figure {
  readonly name: string;
  readonly perMinute: number;
}

/**
 * Replaces the figures that a tenant has of its own; what is not named is as for all again. It holds
 * here at once, in other processes within ten seconds. Refuses (VALIDATION_ERROR) a limit that does
 * not exist or comes twice, and that of addresses for any tenant but the platform's.
 */
export class ChangeRateLimits extends Command<LimitReport[] | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly tenantId: Uuid,
    readonly figures: readonly Figure[],
  ) {
    super();
  }
}

@CommandHandler(ChangeRateLimits)
export class ChangeRateLimitsHandler implements ICommandHandler<ChangeRateLimits> {
  constructor(
    private readonly database: Database,
    private readonly reports: RateLimitReports,
    private readonly current: TenantFigures,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ principal, tenantId, figures }: ChangeRateLimits) {
    const errors = this.errorsOf(tenantId, figures);
    if (errors.length > 0) return refuse('VALIDATION_ERROR', 'Validation failed', { errors });
    const audited = {
      actor: userActor(principal),
      action: 'rate_limits.changed',
      object: { type: 'tenant', id: tenantId },
      after: Object.fromEntries(figures.map(({ name, perMinute }) => [name, perMinute])),
    };
    const results = await this.database.transact(tenantId, [
      oneAtATime(tenantId),
      auditReading(tenantId, audited, figuresBefore(tenantId)),
      sql`DELETE FROM rate_limits WHERE tenant_id = ${tenantId}`,
      insertFigures(tenantId, principal.userId, figures),
      figuresReading(tenantId),
    ]);
    await this.current.refresh();
    return this.reports.of(results.at(-1)?.rows ?? []);
  }

  private errorsOf(tenantId: Uuid, figures: readonly Figure[]): FieldError[] {
    const { names } = this.reports;
    const isPlatform = tenantId === this.config.platform.tenantId;
    return figures.flatMap(({ name }, i) => {
      const problem = !names.includes(name)
        ? `must be one of ${names.join(', ')}`
        : figures.findIndex((other) => other.name === name) < i
          ? 'must come only once'
          : name === 'address' && !isPlatform && 'is a limit of the platform alone';
      return problem ? [{ field: `limits.${i}.name`, message: problem }] : [];
    });
  }
}

/** Of two who replace the same figures the later one wins, whole. */
function oneAtATime(tenantId: Uuid): Statement {
  return sql`SELECT pg_advisory_xact_lock(hashtextextended('rate_limits ' || ${tenantId}, 0))`;
}

function figuresBefore(tenantId: Uuid): Statement {
  return sql`
    SELECT coalesce(jsonb_object_agg(name, per_minute), '{}') AS before
    FROM rate_limits WHERE tenant_id = ${tenantId}::uuid`;
}

function insertFigures(tenantId: Uuid, by: Uuid, figures: readonly Figure[]): Statement {
  return sql`
    INSERT INTO rate_limits (tenant_id, name, per_minute, changed_by)
    SELECT ${tenantId}::uuid, f.name, f.per_minute, ${by}::uuid FROM unnest(
      ${figures.map(({ name }) => name)}::text[],
      ${figures.map(({ perMinute }) => perMinute)}::integer[]) AS f (name, per_minute)`;
}
