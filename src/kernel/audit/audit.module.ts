import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ListAuditLogHandler } from './list-audit-log.js';

/** Shows the audit log; whoever adds to it needs no more than `audit`. Needs `Database`. */
@Module({ controllers: [AuditController], providers: [ListAuditLogHandler] })
export class AuditModule {}
