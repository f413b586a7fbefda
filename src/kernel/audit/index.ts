export {
  type Actor,
  audit,
  type AuditedAction,
  type AuditEntry,
  auditReading,
  userActor,
} from './audit.js';
export { AuditModule } from './audit.module.js';
export {
  type AuditFilter,
  type AuditPage,
  ListAuditLog,
  type RecordedEntry,
} from './list-audit-log.js';
