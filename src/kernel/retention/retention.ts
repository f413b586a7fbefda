import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Cron } from '@nestjs/schedule';
import { Database } from '../postgres/database.js';
import { isDatabaseAway } from '../postgres/errors.js';
import {
  batchOf,
  batchSize,
  nameOf,
  type RetentionRule,
  RetentionRules,
} from './retention-rule.js';
import { isTurnTaken, RetentionTurn, takeTurn } from './retention-turn.js';

export const RETENTION = 'retention';

/** What a run did by one rule. */
export interface Retained {
  readonly table: string;
  readonly what: RetentionRule['what'];
  readonly rows: number;
}

/**
 * Forgets what is done with and old, once a day, by the rules that modules provide with
 * `retention()`. Of any number of processes one does the work, and the first that is there when none
 * was at the hour.
 */
@Injectable()
export class Retention implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(Retention.name);
  private rules: readonly RetentionRule[] = [];
  private running: Promise<Retained[]> | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly turn: RetentionTurn,
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
    await this.running?.catch(() => undefined);
  }

  /** Runs when a run is due and nobody is at it; answers what it did, if it did. */
  @Cron('* * * * *', { name: RETENTION })
  async runDue(): Promise<Retained[] | null> {
    try {
      return !this.stopping && (await this.turn.claim()) ? await this.run() : null;
    } catch (error) {
      this.log.error(`retention is due still: ${String(error)}`);
      return null;
    }
  }

  /** One run over all rules, or the one under way in this process; answers what it did. */
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
        if (isDatabaseAway(error)) throw error;
        // The other tables are not to wait for this one.
        this.log.error(`${nameOf(rule)} failed and is left for tomorrow: ${String(error)}`);
      }
    }
    // Stopped on the way, it is caught up with later.
    if (!this.stopping) await this.turn.end();
    return done;
  }

  private async apply(rule: RetentionRule): Promise<number> {
    const size = batchSize(rule);
    let total = 0;
    for (let rows = size; rows === size && !this.stopping; total += rows) {
      const results = await this.database.asWorker([...takeTurn, batchOf(rule)]);
      rows = (results.at(-1)?.rows[0]?.rows ?? 0) as number;
    }
    return total;
  }
}
