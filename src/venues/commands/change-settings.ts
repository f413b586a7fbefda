import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { auditReading, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  admitChange,
  type SettingsLevel,
  type SettingsRequest,
} from '../domain/settings-change.js';
import { recordSettings, settingsBefore } from '../infra/settings-record.js';
import {
  type SettingsReport,
  settingsReport,
  settingsReportReading,
} from '../infra/settings-report.js';
import { SettingsSubjects } from '../infra/settings-subjects.js';

/**
 * Replaces what a tenant, a venue or an event has decided, from now or a later instant on; earlier
 * rows stay as the record of who changed what, beside the audit log's entry. Refuses (NOT_FOUND) other
 * people's venues and tenants, and (VALIDATION_ERROR) a past date or resale bounds without a price
 * between them.
 */
export class ChangeSettings extends Command<SettingsReport | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly level: SettingsLevel,
    readonly id: Uuid,
    readonly request: SettingsRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeSettings)
export class ChangeSettingsHandler implements ICommandHandler<ChangeSettings> {
  constructor(
    private readonly database: Database,
    private readonly subjects: SettingsSubjects,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, level, id, request }: ChangeSettings) {
    const { tenantId, userId } = principal;
    const subject = await this.subjects.find(principal, level, id);
    if (isRefusal(subject)) return subject;
    const now = this.clock.now();
    const effectiveFrom = admitChange(request, now);
    if (isRefusal(effectiveFrom)) return effectiveFrom;
    const { settings } = request;
    const changeId = newId();
    const change = { id: changeId, effectiveFrom, settings, changedBy: userId };
    const audited = {
      actor: userActor(principal),
      action: `${level}_settings.${effectiveFrom > now ? 'scheduled' : 'changed'}`,
      object: { type: level, id: subject.id },
      after: settings,
    };
    const [, , ...results] = await this.database.transact(tenantId, [
      recordSettings(tenantId, subject, change),
      auditReading(tenantId, audited, settingsBefore(tenantId, level, changeId)),
      ...settingsReportReading(tenantId, subject, now),
    ]);
    return settingsReport(subject, now, results);
  }
}
