import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { decisionOf, decisionReading, type StoredDecision } from '../infra/decision-rows.js';

/** A decision with all that it was made on. Refuses NOT_FOUND. */
export class GetDecision extends Query<StoredDecision | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly id: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetDecision)
export class GetDecisionHandler implements IQueryHandler<GetDecision> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, id }: GetDecision): Promise<StoredDecision | Refusal> {
    const [found] = await this.database.read(tenantId, [decisionReading(tenantId, id)]);
    const row = found?.rows[0];
    return row ? decisionOf(row) : refuse('NOT_FOUND', 'There is no such decision');
  }
}
