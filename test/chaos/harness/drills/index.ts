import { BACKUP_RESTORE } from './backup-restore.js';
import { CLOCK_AHEAD, CLOCK_BEHIND } from './clock-skew.js';
import { DISK_FULL } from './disk-full.js';
import type { Drill } from './drill.js';
import { MIGRATION_UNDER_LOAD } from './migration-under-load.js';
import { POSTGRES_RESTART } from './postgres-restart.js';
import { SLOW_PROVIDER } from './slow-provider.js';

/** `npm run chaos -- --drill NAME`. */
export const DRILLS: Readonly<Record<string, Drill>> = {
  'postgres-restart': POSTGRES_RESTART,
  'slow-provider': SLOW_PROVIDER,
  'backup-restore': BACKUP_RESTORE,
  'clock-ahead': CLOCK_AHEAD,
  'clock-behind': CLOCK_BEHIND,
  'disk-full': DISK_FULL,
  'migration-under-load': MIGRATION_UNDER_LOAD,
};
