import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Uuid } from '../../kernel/ids.js';
import type { Cents } from '../../kernel/money/index.js';
import { type BusinessDate, monthBounds } from '../../kernel/business-date.js';

const VENUE_MONTHS = 10_000;

/**
 * What this process last read of venues' month-to-date gross: a hint that saves a sale the reading.
 *
 * It decides nothing. Below the last tier the sale's own transaction carries `tierGuard`, which sums
 * the ledger; a hint that has grown old fails there, is forgotten, and the sale is decided again
 * from a fresh reading. No distance from a border makes the guard superfluous: one order may be
 * worth more than the whole way to the last tier, and any number of processes capture meanwhile.
 * Only a venue seen in the last tier needs neither reading nor guard for the rest of its month,
 * because gross volume never shrinks within one.
 */
@Injectable()
export class KnownVolumes {
  private readonly grossCents = new LRUCache<string, Cents>({ max: VENUE_MONTHS });

  /** The gross in cents as last read in this venue's month, if this process has read it. */
  recall(tenantId: Uuid, venueId: Uuid, currency: string, date: BusinessDate): Cents | undefined {
    return this.grossCents.get(key(tenantId, venueId, currency, date));
  }

  /** A smaller gross than the one remembered is an older reading that came late: it is passed over. */
  learn(tenantId: Uuid, venueId: Uuid, currency: string, date: BusinessDate, gross: Cents): void {
    const name = key(tenantId, venueId, currency, date);
    const known = this.grossCents.get(name);
    if (known === undefined || known < gross) this.grossCents.set(name, gross);
  }

  /** To be called when `tierGuard` stopped a sale. */
  forget(tenantId: Uuid, venueId: Uuid, currency: string, date: BusinessDate): void {
    this.grossCents.delete(key(tenantId, venueId, currency, date));
  }
}

function key(tenantId: Uuid, venueId: Uuid, currency: string, date: BusinessDate): string {
  return `${tenantId} ${venueId} ${currency} ${monthBounds(date).from}`;
}
