import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Cron } from '@nestjs/schedule';
import { Database } from '../postgres/database.js';
import { asDatabaseError, failedWith, SQLSTATE } from '../postgres/errors.js';
import { sql } from '../postgres/sql.js';
import {
  batchOf,
  batchSize,
  nameOf,
  type RetentionRule,
  RetentionRules,
} from './retention-rule.js';

export const RETENTION = 'retention';

const TURN = 'retention turn';

/** Held for a batch: whoever meets it taken leaves the rest of the run to the other process. */
const takeTurn = sql`
  SELECT guard(pg_try_advisory_xact_lock(hashtextextended('retention', 0)), ${TURN})`;

/** What a run did by one rule. */
export interface Retained {
  readonly table: string;
  readonly what: RetentionRule['what'];
  readonly rows: number;
}

/**
 * Forgets what is done with and old, once a day, by the rules that modules provide with
 * `retention()`. Any number of processes may have the same clock: one does the work.
 */
@Injectable()
export class Retention implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(Retention.name);
  private rules: readonly RetentionRule[] = [];
  private running: Promise<Retained[]> | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Throws when two rules are the same one. */
  onModuleInit(): void {
    const provided = this.discovery.getProviders().map(({ instance }): unknown => instance);
    this.rules = provided
      .filter((instance) => instance instanceof RetentionRules)
      .flatMap(({ rules }) => rules);
    const names = this.rules.map(nameOf);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`there are two rules to ${twice}`);
  }

  /** A run under way is finished up to its next batch, while there is still a database. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** One run over all rules, or the one under way in this process; answers what it did. */
  @Cron('17 3 * * *', { name: RETENTION, timeZone: 'UTC' })
  run(): Promise<Retained[]> {
    this.running ??= this.pass().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async pass(): Promise<Retained[]> {
    const done: Retained[] = [];
    for (const rule of this.rules) {
      const { table, what } = rule;
      try {
        const rows = await this.apply(rule);
        done.push({ table, what, rows });
        if (rows > 0) this.log.log({ msg: 'retention', table, what, rows });
      } catch (error) {
        if (isTurnTaken(error)) return done;
        // The other tables are not to wait for this one.
        this.log.error(`${nameOf(rule)} failed and is left for tomorrow: ${String(error)}`);
      }
    }
    return done;
  }

  private async apply(rule: RetentionRule): Promise<number> {
    const size = batchSize(rule);
    let total = 0;
    for (let rows = size; rows === size && !this.stopping; total += rows) {
      const [, result] = await this.database.asWorker([takeTurn, batchOf(rule)]);
      rows = (result?.rows[0]?.rows ?? 0) as number;
    }
    return total;
  }
}

function isTurnTaken(error: unknown): boolean {
  return failedWith(error, SQLSTATE.guardFailed) && asDatabaseError(error)?.detail === TURN;
}
