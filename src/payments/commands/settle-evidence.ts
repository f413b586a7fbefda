import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { parseEvidence, readEvidence } from '../infra/evidence-rows.js';
import { DisputeEvidenceSending } from './dispute-evidence-sending.js';

/**
 * Brings evidence that is on its way to its end: hands it to the provider where that has not got it
 * (under the same key), records what became of it and answers the request's key. Refuses `NOT_FOUND` what has ended.
 */
export class SettleEvidence extends Command<Answer | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly operationId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(SettleEvidence)
export class SettleEvidenceHandler implements ICommandHandler<SettleEvidence> {
  constructor(
    private readonly database: Database,
    private readonly sending: DisputeEvidenceSending,
  ) {}

  async execute({ tenantId, operationId }: SettleEvidence): Promise<Answer | Refusal> {
    const [found] = await this.database.read(tenantId, [readEvidence(tenantId, operationId)]);
    const row = parseEvidence(tenantId, operationId, found);
    if (!row) return refuse('NOT_FOUND', 'No such evidence is on its way.');
    const meta = { ...row.request, correlationId: null };
    return this.sending.sendAgain({ ...row, submit: true, meta });
  }
}
