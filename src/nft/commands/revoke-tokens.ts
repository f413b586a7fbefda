import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { closeItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { GetMintOrder, type MintOrder } from '../../payments/payments.contract.js';
import { parseSettings, settingsReading } from '../../venues/venues.contract.js';
import { MINT_FAILED } from '../infra/job-ends.js';
import {
  insertMints,
  markUndone,
  mintIdOf,
  startRevocations,
  type Undoing,
} from '../infra/mint-rows.js';
import { jobsName } from '../infra/minting-jobs.js';
import { newMints, type TicketsUnderSaga } from '../infra/new-mints.js';

/**
 * Takes back the tokens of tickets whose money went back, as the settings of their sale say. What is
 * not minted yet never will be, whether or not anybody has asked for it so far.
 */
export class RevokeTokens extends Command<void> {
  constructor(readonly about: TicketsUnderSaga) {
    super();
  }
}

@CommandHandler(RevokeTokens)
export class RevokeTokensHandler implements ICommandHandler<RevokeTokens> {
  constructor(
    private readonly queries: QueryBus,
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
    private readonly clock: Clock,
  ) {}

  async execute({ about }: RevokeTokens): Promise<void> {
    const { tenantId, paymentId } = about;
    const order = await this.queries.execute(new GetMintOrder(tenantId, paymentId as Uuid));
    if (!order) return;
    const how = await this.policyOf(tenantId, order);
    const mints = newMints(order, about, this.clock.now());
    await this.database.transact(tenantId, [
      insertMints(mints, 'cancelled'),
      markUndone(tenantId, mints.ticketIds, how),
      startRevocations(tenantId, mints.ticketIds),
      ...(how === 'keep' ? mints.ticketIds.map((id) => closeFailed(tenantId, id)) : []),
    ]);
    this.tasks.nudge(jobsName(order.blockchain, 'revoke'));
  }

  private async policyOf(
    tenantId: Uuid,
    { venueId, eventId, soldAt }: MintOrder,
  ): Promise<Undoing> {
    const reading = settingsReading(tenantId, venueId, eventId, new Date(soldAt));
    const [found] = await this.database.read(tenantId, [reading]);
    return parseSettings(found?.rows ?? []).tokenRevocation;
  }
}

/** Nobody has to see to a mint that failed any more: with its sale undone it is over. */
function closeFailed(tenantId: Uuid, ticketId: Uuid): Statement {
  return closeItem(tenantId, MINT_FAILED, mintIdOf(ticketId), 'Its sale was undone');
}
