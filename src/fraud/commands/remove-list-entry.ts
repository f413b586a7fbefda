import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { ListEntry } from '../domain/list-entry.js';
import { deleteEntry, ENTRY_GONE, entryOf, entryReading } from '../infra/list-rows.js';

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such entry');

/** Takes a subject off a list; answers what the entry was. Refuses NOT_FOUND. */
export class RemoveListEntry extends Command<ListEntry | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

@CommandHandler(RemoveListEntry)
export class RemoveListEntryHandler implements ICommandHandler<RemoveListEntry> {
  constructor(private readonly database: Database) {}

  async execute({ principal, id }: RemoveListEntry): Promise<ListEntry | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [entryReading(tenantId, id)]);
    if (!found?.rows[0]) return NOT_FOUND;
    const entry = entryOf(found.rows[0]);
    const { kind, subjectType, hint, reason, until } = entry;
    try {
      await this.database.transact(tenantId, [
        deleteEntry(tenantId, id),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'fraud_list_entry.removed',
          object: { type: 'fraud_list_entry', id: entry.id },
          before: { kind, subjectType, hint, reason, until },
          after: null,
        }),
      ]);
      return entry;
    } catch (error) {
      if (asDatabaseError(error)?.detail !== ENTRY_GONE) throw error;
      return NOT_FOUND;
    }
  }
}
