import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import {
  auditedScalper,
  type KnownScalper,
  removeScalper,
  SCALPER_GONE,
  scalperOf,
  scalperReading,
} from '../infra/scalper-rows.js';

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such scalper');

/** A user or device is taken for a scalper no more; answers what was known. Refuses NOT_FOUND. */
export class RemoveKnownScalper extends Command<KnownScalper | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

@CommandHandler(RemoveKnownScalper)
export class RemoveKnownScalperHandler implements ICommandHandler<RemoveKnownScalper> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, id }: RemoveKnownScalper): Promise<KnownScalper | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [scalperReading(tenantId, id)]);
    if (!found?.rows[0]) return NOT_FOUND;
    const scalper = scalperOf(found.rows[0]);
    try {
      await this.database.transact(tenantId, [
        removeScalper(tenantId, id, this.clock.now()),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'known_scalper.removed',
          object: { type: 'known_scalper', id: scalper.id },
          before: auditedScalper(scalper),
          after: null,
        }),
      ]);
      return scalper;
    } catch (error) {
      if (asDatabaseError(error)?.detail !== SCALPER_GONE) throw error;
      return NOT_FOUND;
    }
  }
}
