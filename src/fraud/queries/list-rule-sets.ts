import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { RULE_SET_V1 } from '../domain/scoring/index.js';
import { type DatedRuleSet, datedRuleSetOf, ruleSetsReading } from '../infra/rule-set-rows.js';
import { activeRulesReading } from '../infra/rule-sets.js';

const MOST_SHOWN = 100;

export interface KnownRuleSets {
  /** The version that holds now. */
  readonly active: string;
  /** Those of the tenant, the latest first; at most a hundred. */
  readonly ruleSets: readonly DatedRuleSet[];
}

/** The tenant's rule sets. Without any, the first one of the specification holds. */
export class ListRuleSets extends Query<KnownRuleSets> {
  constructor(readonly tenantId: Uuid) {
    super();
  }
}

@QueryHandler(ListRuleSets)
export class ListRuleSetsHandler implements IQueryHandler<ListRuleSets> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ tenantId }: ListRuleSets): Promise<KnownRuleSets> {
    const [active, found] = await this.database.read(tenantId, [
      activeRulesReading(tenantId, this.clock.now()),
      ruleSetsReading(tenantId, MOST_SHOWN),
    ]);
    const version = active?.rows[0]?.version as string | undefined;
    return {
      active: version ?? RULE_SET_V1.version,
      ruleSets: (found?.rows ?? []).map(datedRuleSetOf),
    };
  }
}
