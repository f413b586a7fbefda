import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { SettingsLevel } from '../domain/settings-change.js';
import { pastChanges } from '../infra/settings-record.js';
import {
  type SettingsHistory,
  settingsHistory,
  type SettingsReport,
  settingsReport,
  settingsReportReading,
} from '../infra/settings-report.js';
import { SettingsSubjects } from '../infra/settings-subjects.js';

export interface HistoryPage {
  readonly limit: number;
  /** The previous page's `nextCursor`. */
  readonly before?: Uuid;
}

/**
 * The settings of a tenant, a venue or an event now, and on demand who changed them when. Refuses
 * (NOT_FOUND) callers who neither own nor manage the venue, and those of another tenant.
 */
export class GetSettings extends Query<(SettingsReport & Partial<SettingsHistory>) | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly level: SettingsLevel,
    readonly id: Uuid,
    readonly history?: HistoryPage,
  ) {
    super();
  }
}

@QueryHandler(GetSettings)
export class GetSettingsHandler implements IQueryHandler<GetSettings> {
  constructor(
    private readonly database: Database,
    private readonly subjects: SettingsSubjects,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, level, id, history }: GetSettings) {
    const { tenantId } = principal;
    const subject = await this.subjects.find(principal, level, id);
    if (isRefusal(subject)) return subject;
    const at = this.clock.now();
    const reading = settingsReportReading(tenantId, subject, at);
    if (!history) {
      return settingsReport(subject, at, await this.database.read(tenantId, reading));
    }
    const changes = pastChanges(tenantId, subject, history.limit + 1, history.before);
    const [past, ...results] = await this.database.read(tenantId, [changes, ...reading]);
    return {
      ...settingsReport(subject, at, results),
      ...settingsHistory(past?.rows ?? [], history.limit),
    };
  }
}
