import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import { hintOf, type ListEntry, type ListKind } from '../domain/list-entry.js';
import { ALREADY_LISTED, insertEntry } from '../infra/list-rows.js';
import { isSubject, type NamedSubject, readSubject } from '../infra/read-subject.js';
import { SubjectKeys } from '../infra/subject-keys.js';

export interface ListWish {
  readonly kind: ListKind;
  readonly named: NamedSubject;
  readonly reason: string;
  readonly until: Date | null;
}

/**
 * Puts a subject on a list; the audit log keeps who did, and the value nobody. Refuses
 * VALIDATION_ERROR for a value that is none of its type or an end that is over, CONFLICT where it is
 * on the list already.
 */
export class AddListEntry extends Command<ListEntry | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly wish: ListWish,
  ) {
    super();
  }
}

@CommandHandler(AddListEntry)
export class AddListEntryHandler implements ICommandHandler<AddListEntry> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly keys: SubjectKeys,
  ) {}

  async execute({ principal, wish }: AddListEntry): Promise<ListEntry | Refusal> {
    const { tenantId, userId: addedBy } = principal;
    const addedAt = this.clock.now();
    const { kind, named, reason, until } = wish;
    const subject = readSubject(named);
    const errors = [
      ...(isSubject(subject) ? [] : [subject]),
      ...(until && until <= addedAt ? [{ field: 'until', message: 'must be in the future' }] : []),
    ];
    if (!isSubject(subject) || errors.length > 0)
      return refuse('VALIDATION_ERROR', 'No such entry', { errors });
    const told = { kind, subjectType: subject.type, hint: hintOf(subject), reason, until };
    const entry: ListEntry = { id: newId(), ...told, addedBy, addedAt };
    try {
      await this.database.transact(tenantId, [
        ...insertEntry(tenantId, entry, this.keys.hashes(tenantId, subject)),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'fraud_list_entry.added',
          object: { type: 'fraud_list_entry', id: entry.id },
          before: null,
          after: told,
        }),
      ]);
      return entry;
    } catch (error) {
      if (asDatabaseError(error)?.detail !== ALREADY_LISTED) throw error;
      return refuse('CONFLICT', 'It is on the list already');
    }
  }
}
