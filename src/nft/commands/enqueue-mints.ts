import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { GetMintOrder } from '../../payments/payments.contract.js';
import { MINT_BATCHER } from '../infra/batcher.js';
import { insertMints } from '../infra/mint-rows.js';
import { newMints, type TicketsUnderSaga } from '../infra/new-mints.js';

/**
 * Asks for a token for each of a payment's tickets, where its sale has a chain. A ticket that has its
 * row already keeps it: one that was undone meanwhile is never minted.
 */
export class EnqueueMints extends Command<void> {
  constructor(readonly about: TicketsUnderSaga) {
    super();
  }
}

@CommandHandler(EnqueueMints)
export class EnqueueMintsHandler implements ICommandHandler<EnqueueMints> {
  constructor(
    private readonly queries: QueryBus,
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
    private readonly clock: Clock,
  ) {}

  async execute({ about }: EnqueueMints): Promise<void> {
    const { tenantId, paymentId } = about;
    const order = await this.queries.execute(new GetMintOrder(tenantId, paymentId as Uuid));
    if (!order) return;
    const mints = newMints(order, about, this.clock.now());
    await this.database.transact(tenantId, [insertMints(mints, 'queued')]);
    this.tasks.nudge(MINT_BATCHER);
  }
}
