import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { type BacktestFigures, BacktestTally } from '../domain/backtest.js';
import { readRules } from '../domain/read-rules.js';
import { assess, type RuleSet } from '../domain/scoring/index.js';
import { decisionOf, periodReading, type Place } from '../infra/decision-rows.js';
import { RuleSets, rulesReading } from '../infra/rule-sets.js';

const PAGE = 500;
/** Decisions of one backtest: a few seconds' work, in turns with everything else. */
export const MOST_EXAMINED = 50_000;

const FIRST: Uuid = '00000000-0000-0000-0000-000000000000';

export interface BacktestQuestion {
  readonly version: string;
  /** Null: the stored rule set of that version. */
  readonly rules: object | null;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

export interface Backtest extends BacktestFigures {
  readonly ruleSet: string;
  readonly from: Date;
  /** The end of what was examined: that of the period, unless `truncated`. */
  readonly to: Date;
  /** There was more than one backtest examines: ask again from `to` on. */
  readonly truncated: boolean;
}

/**
 * What another rule set would have decided on the features of a period. Writes nothing. Counts of the
 * past stand as they were: that a purchase declined earlier would have lowered later counts is not
 * played out. Refuses VALIDATION_ERROR for rules that are none or an empty period, NOT_FOUND for a
 * version that there is not, CONFLICT for one that this release cannot read.
 */
export class BacktestRules extends Query<Backtest | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly question: BacktestQuestion,
    readonly most: number = MOST_EXAMINED,
  ) {
    super();
  }
}

@QueryHandler(BacktestRules)
export class BacktestRulesHandler implements IQueryHandler<BacktestRules> {
  constructor(
    private readonly database: Database,
    private readonly rules: RuleSets,
  ) {}

  async execute({ tenantId, question, most }: BacktestRules): Promise<Backtest | Refusal> {
    const { from, to } = question;
    if (from >= to) {
      const errors = [{ field: 'to', message: 'must be later than from' }];
      return refuse('VALIDATION_ERROR', 'The period is empty', { errors });
    }
    const rules = await this.rulesOf(tenantId, question);
    if (isRefusal(rules)) return rules;
    const tally = new BacktestTally();
    const end = await this.examine(tenantId, { from, to, most }, (row) => {
      const { features, verdict: before, ...decision } = decisionOf(row);
      tally.add({ ...decision, before, after: assess(features, rules) });
    });
    const period = { from, to: end ?? to, truncated: end !== null };
    return { ruleSet: rules.version, ...period, ...tally.figures() };
  }

  private async rulesOf(tenantId: Uuid, question: BacktestQuestion): Promise<RuleSet | Refusal> {
    const { version, rules } = question;
    if (rules) return readRules(version, rules);
    const [found] = await this.database.read(tenantId, [rulesReading(tenantId, version)]);
    return this.rules.named(tenantId, version, found);
  }

  /** Page by page. Answers where it had to stop, or null when it came to the end. */
  private async examine(
    tenantId: Uuid,
    { from, to, most }: { from: Date; to: Date; most: number },
    examine: (row: Readonly<Record<string, unknown>>) => void,
  ): Promise<Date | null> {
    let after: Place = { at: from, id: FIRST };
    for (let left = most; ;) {
      const limit = Math.min(PAGE, left) + 1;
      const reading = periodReading(tenantId, { from, to, after, limit });
      const [found] = await this.database.read(tenantId, [reading]);
      const rows = found?.rows ?? [];
      const page = rows.slice(0, limit - 1);
      left -= page.length;
      const end = left > 0 ? undefined : (rows[limit - 1]?.timestamp as Date | undefined);
      // Whoever goes on from the end finds all decisions of that instant, and none of them twice.
      page.filter((row) => !end || (row.timestamp as Date) < end).forEach(examine);
      if (end) return end;
      if (rows.length < limit) return null;
      const last = page.at(-1);
      after = { at: last?.timestamp as Date, id: last?.id as Uuid };
    }
  }
}
