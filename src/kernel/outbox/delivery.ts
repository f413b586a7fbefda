import type { Uuid } from '../ids.js';
import { withTraceparent } from '../observability/trace-context.js';
import type { Database } from '../postgres/database.js';
import { failedWith, isDatabaseAway, SQLSTATE } from '../postgres/errors.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { ClaimedEvent, Failure } from './outbox-rows.js';
import type { Subscription } from './subscribers.js';
import { failureText, isTransient } from './transient.js';

const STALE_READS = 3;

/** One event for one subscriber: the smallest thing that commits. */
interface Parcel {
  readonly event: ClaimedEvent;
  readonly to: Subscription;
  readonly statements: readonly Statement[];
}

/** Hands the events of one tenant to their subscribers. */
export class Delivery {
  constructor(
    private readonly database: Database,
    private readonly followers: (eventType: string) => readonly Subscription[],
    private readonly tenantId: Uuid,
  ) {}

  /**
   * Answers the events that were not taken by everyone. Throws when the database is away; who had
   * what is then known to the database alone, and the rest comes again.
   */
  async deliver(events: readonly ClaimedEvent[]): Promise<Failure[]> {
    const failures: Failure[] = [];
    for (const round of rounds(events)) {
      const parcels: Parcel[] = [];
      for (const event of round) {
        for (const to of this.followers(event.type)) {
          const parcel = await this.pack(event, to);
          if ('counts' in parcel) failures.push(parcel);
          // An event that failed before travels alone, so that it does not spoil its neighbours'.
          else if (event.attempts > 0) failures.push(...(await this.commit([parcel])));
          else parcels.push(parcel);
        }
      }
      failures.push(...(await this.commit(parcels)));
    }
    return failures;
  }

  private async pack(event: ClaimedEvent, to: Subscription): Promise<Parcel | Failure> {
    try {
      const handle = async () => to.subscriber.handle(event);
      const name = `${event.type} to ${to.name}`;
      return { event, to, statements: await withTraceparent(event.traceparent, name, handle) };
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      return failure(event, to, error);
    }
  }

  /** All in one transaction; when PostgreSQL refuses, halves, until the one it refused is alone. */
  private async commit(parcels: readonly Parcel[]): Promise<Failure[]> {
    const [first] = parcels;
    if (!first) return [];
    try {
      await this.database.transact(this.tenantId, [
        this.noteHandled(parcels),
        ...parcels.flatMap((parcel) => parcel.statements),
      ]);
      return [];
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (parcels.length === 1) return this.settle(first, error);
      const half = parcels.length >> 1;
      const before = await this.commit(parcels.slice(0, half));
      return [...before, ...(await this.commit(parcels.slice(half)))];
    }
  }

  /** Handled before is handled; a guard that refused means that the subscriber read too early. */
  private async settle({ event, to }: Parcel, refusal: unknown): Promise<Failure[]> {
    let error = refusal;
    for (let attempt = 1; ; attempt++) {
      if (failedWith(error, SQLSTATE.uniqueViolation, 'event_inbox_pkey')) return [];
      const stale = failedWith(error, SQLSTATE.guardFailed);
      if (!stale || attempt > STALE_READS) return [failure(event, to, error)];
      const parcel = await this.pack(event, to);
      if ('counts' in parcel) return [parcel];
      try {
        const own = [this.noteHandled([parcel]), ...parcel.statements];
        await this.database.transact(this.tenantId, own);
        return [];
      } catch (again) {
        if (isDatabaseAway(again)) throw again;
        error = again;
      }
    }
  }

  private noteHandled(parcels: readonly Parcel[]): Statement {
    return sql`
      INSERT INTO event_inbox (tenant_id, event_id, subscriber)
      SELECT ${this.tenantId}, * FROM unnest(
        ${parcels.map((parcel) => parcel.event.id)}::uuid[],
        ${parcels.map((parcel) => parcel.to.name)}::text[])`;
  }
}

function failure(event: ClaimedEvent, to: Subscription, error: unknown): Failure {
  return { event, error: `${to.name}: ${failureText(error)}`, counts: !isTransient(error) };
}

/** Events of one aggregate in successive rounds: what follows is read after its forerunner's commit. */
function rounds(events: readonly ClaimedEvent[]): ClaimedEvent[][] {
  const seen = new Map<Uuid, number>();
  const result: ClaimedEvent[][] = [];
  for (const event of events) {
    const round = seen.get(event.aggregateId) ?? 0;
    seen.set(event.aggregateId, round + 1);
    (result[round] ??= []).push(event);
  }
  return result;
}
