import { Injectable } from '@nestjs/common';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { SettingsLevel, SettingsSubject } from '../domain/settings-change.js';
import { TicketCatalog } from './ticket-catalog.js';

const NOT_FOUND = refuse('NOT_FOUND', 'Not found');

/** Finds whose settings a caller means, as far as they are the caller's business. */
@Injectable()
export class SettingsSubjects {
  constructor(private readonly catalog: TicketCatalog) {}

  /**
   * Refuses (NOT_FOUND) what does not exist, what belongs to a venue that the caller neither owns nor
   * manages, and another tenant, alike. Rejects with TICKET_SERVICE_UNAVAILABLE when nobody can tell.
   */
  async find(
    principal: Principal,
    level: SettingsLevel,
    id: Uuid,
  ): Promise<SettingsSubject | Refusal> {
    if (level === 'tenant') return id === principal.tenantId ? { level, id } : NOT_FOUND;
    if (level === 'venue') {
      const known =
        manages(principal, id) &&
        (await this.catalog.venue(principal.tenantId, id)) !== 'not_found';
      return known ? { level, id, venueId: id } : NOT_FOUND;
    }
    const event = await this.catalog.event(principal.tenantId, id);
    if (event === 'not_found' || !manages(principal, event.venueId)) return NOT_FOUND;
    return { level, id, venueId: event.venueId };
  }
}
