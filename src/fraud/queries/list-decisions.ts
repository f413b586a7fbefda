import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import {
  type DecisionFilter,
  decisionOf,
  decisionsReading,
  type StoredDecision,
} from '../infra/decision-rows.js';

export interface DecisionPage {
  readonly decisions: readonly StoredDecision[];
  /** Absent on the last page. */
  readonly nextCursor?: Uuid;
}

/** The tenant's decisions, the latest first. Refuses (VALIDATION_ERROR) an empty time span. */
export class ListDecisions extends Query<DecisionPage | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly filter: DecisionFilter,
  ) {
    super();
  }
}

@QueryHandler(ListDecisions)
export class ListDecisionsHandler implements IQueryHandler<ListDecisions> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, filter }: ListDecisions): Promise<DecisionPage | Refusal> {
    const { from, to, limit } = filter;
    if (from && to && from >= to) {
      const errors = [{ field: 'to', message: 'must be later than from' }];
      return refuse('VALIDATION_ERROR', 'The time span is empty', { errors });
    }
    const [found] = await this.database.read(tenantId, [decisionsReading(tenantId, filter)]);
    const all = (found?.rows ?? []).map(decisionOf);
    const decisions = all.slice(0, limit);
    const last = decisions.at(-1);
    return all.length > limit && last ? { decisions, nextCursor: last.id } : { decisions };
  }
}
