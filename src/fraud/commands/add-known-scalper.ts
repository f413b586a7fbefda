import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  ALREADY_KNOWN,
  auditedScalper,
  insertScalper,
  type KnownScalper,
} from '../infra/scalper-rows.js';

export type ScalperWish = Pick<
  KnownScalper,
  'userId' | 'deviceFingerprint' | 'reason' | 'confidence'
>;

/**
 * Notes that a user or a device belongs to a scalper; audited. Refuses VALIDATION_ERROR where neither
 * is named, CONFLICT where one is known already.
 */
export class AddKnownScalper extends Command<KnownScalper | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly wish: ScalperWish,
  ) {
    super();
  }
}

@CommandHandler(AddKnownScalper)
export class AddKnownScalperHandler implements ICommandHandler<AddKnownScalper> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, wish }: AddKnownScalper): Promise<KnownScalper | Refusal> {
    const { tenantId, userId: addedBy } = principal;
    if (wish.userId === null && wish.deviceFingerprint === null) {
      const errors = [{ field: 'userId', message: 'must be given, or deviceFingerprint' }];
      return refuse('VALIDATION_ERROR', 'Nobody is named', { errors });
    }
    // As the column keeps it.
    const confidence = Math.round(wish.confidence * 100) / 100;
    const scalper = { id: newId(), ...wish, confidence, addedBy, addedAt: this.clock.now() };
    try {
      await this.database.transact(tenantId, [
        insertScalper(tenantId, scalper),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'known_scalper.added',
          object: { type: 'known_scalper', id: scalper.id },
          before: null,
          after: auditedScalper(scalper),
        }),
      ]);
      return scalper;
    } catch (error) {
      if (asDatabaseError(error)?.detail !== ALREADY_KNOWN) throw error;
      return refuse('CONFLICT', 'The user or the device is known already');
    }
  }
}
