import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Cron } from '@nestjs/schedule';
import { Clock } from '../../kernel/clock.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql } from '../../kernel/postgres/sql.js';
import { account } from '../../ledger/ledger.contract.js';
import { StartRun } from '../commands/start-run.js';
import { ProviderBooks } from './provider-books.js';

export const RECONCILIATION = 'reconciliation';

const EVERY_MS = 5 * 60_000;
const TURN = 'reconciliation turn';

/**
 * Begins a run of every tenant that has money at the provider, and of the platform itself, every
 * five minutes. Any number of processes may have the same clock: one takes the turn, and a run's id
 * follows from its minute, so that a late one begins no second.
 */
@Injectable()
export class Schedule implements BeforeApplicationShutdown {
  private readonly log = new Logger(Schedule.name);
  private readonly platform: Uuid;
  private running: Promise<number> | undefined;

  constructor(
    private readonly database: Database,
    private readonly commands: CommandBus,
    private readonly books: ProviderBooks,
    private readonly clock: Clock,
    @Inject(CONFIG) { platform }: Config,
  ) {
    this.platform = platform.tenantId;
  }

  /** Turns under way are ended, while there is still a database. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.running;
  }

  /** One turn, or the one under way in this process; answers how many tenants it was for. */
  @Cron('*/5 * * * *', { name: RECONCILIATION, timeZone: 'UTC' })
  turn(): Promise<number> {
    this.running ??= this.begin().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async begin(): Promise<number> {
    try {
      const slot = Math.floor(this.clock.now().getTime() / EVERY_MS) * EVERY_MS;
      const tenants = await this.tenants();
      for (const tenantId of tenants) {
        const id = derivedId(tenantId, `reconciliation ${new Date(slot).toISOString()}`);
        await this.commands.execute(new StartRun(tenantId, { id }));
      }
      return tenants.length;
    } catch (error) {
      if (!isTurnTaken(error)) this.log.error(`runs could not begin: ${String(error)}`);
      return 0;
    }
  }

  private async tenants(): Promise<readonly Uuid[]> {
    const clearing = account.providerClearing(this.books.name);
    const [, found] = await this.database.asWorker([
      sql`SELECT guard(pg_try_advisory_xact_lock(hashtextextended('reconciliation', 0)), ${TURN})`,
      sql`SELECT tenant_id FROM ledger_accounts WHERE account = ${clearing}`,
    ]);
    const tenants = (found?.rows ?? []).map(({ tenant_id: id }) => id as Uuid);
    return [...new Set([this.platform, ...tenants])];
  }
}

function isTurnTaken(error: unknown): boolean {
  return failedWith(error, SQLSTATE.guardFailed) && asDatabaseError(error)?.detail === TURN;
}
