import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { NOTHING_REVOKED, revokeAccess } from '../infra/access-rows.js';

/**
 * Takes back the access token of a place, and the slot with it. Refuses `NOT_FOUND` where no token of
 * this place is unused: none was given, it is spent or lapsed, or a payment is under way with it.
 */
export class RevokeAccess extends Command<Refusal | undefined> {
  constructor(
    readonly principal: Principal,
    readonly eventId: Uuid,
    readonly queueId: Uuid,
  ) {
    super();
  }
}

const NOTHING = refuse('NOT_FOUND', 'This place has no access token that could be revoked');

@CommandHandler(RevokeAccess)
export class RevokeAccessHandler implements ICommandHandler<RevokeAccess> {
  constructor(private readonly database: Database) {}

  async execute({ principal, eventId, queueId }: RevokeAccess): Promise<Refusal | undefined> {
    const { tenantId } = principal;
    try {
      await this.database.transact(tenantId, [
        revokeAccess({ tenantId, eventId }, queueId),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'waiting_room_access.revoked',
          object: { type: 'waiting_room', id: eventId },
          before: { queueId, status: 'issued' },
          after: { queueId, status: 'revoked' },
        }),
      ]);
      return undefined;
    } catch (error) {
      if (asDatabaseError(error)?.detail === NOTHING_REVOKED) return NOTHING;
      throw error;
    }
  }
}
