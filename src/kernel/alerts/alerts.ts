import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Database } from '../postgres/database.js';
import type { Alert, Origin } from './alert.js';
import { noteAlert } from './alert-rows.js';

/**
 * Raises alerts that stand in no row of their own, such as a breaker that opened. What is work for a
 * human belongs into an open item instead: those become alerts by themselves, and no crash loses them.
 */
@Injectable()
export class Alerts {
  private readonly log = new Logger('Alerts');

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'env' | 'role' | 'platform'>,
  ) {}

  /** Resolves when the alert is on record, or in the log when the database is away. Never rejects. */
  async raise(alert: Alert): Promise<void> {
    try {
      const { tenantId } = this.config.platform;
      await this.database.asWorker([noteAlert(tenantId, alert, this.origin(alert.module))]);
    } catch (error) {
      this.log.error({ ...alert, msg: alert.title, err: error });
    }
  }

  origin(module: string): Origin {
    const { role, env: environment } = this.config;
    return { module, role, host: hostname(), environment };
  }
}
