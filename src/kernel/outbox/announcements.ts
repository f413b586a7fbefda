import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import type { Result } from '../postgres/pipeline.js';
import { sql, type Statement } from '../postgres/sql.js';
import { type Announced, Subscribers } from './subscribers.js';

const EVERY_MS = 60_000;

/** What workers have announced of late; in the transaction of a claim, after it. */
export function announcedReading(): Statement {
  return sql`SELECT subscriber, event_types FROM event_subscriptions
    WHERE announced_at > now() - interval '1 day'`;
}

/** By subscriber, the types of events that it follows somewhere. */
export function announcedOf(result: Result | undefined): Announced {
  return new Map(
    (result?.rows ?? []).map((row) => [
      row.subscriber as string,
      new Set(row.event_types as string[]),
    ]),
  );
}

/**
 * Tells the other workers which subscribers this one is configured for, so that none of them ends an
 * event that these have not had. A subscriber of which nobody has said anything for a day is no more.
 */
@Injectable()
export class Announcements implements OnApplicationBootstrap {
  static readonly TASK = 'announcing subscribers';

  constructor(
    private readonly database: Database,
    private readonly subscribers: Subscribers,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(Announcements.TASK, EVERY_MS, () => this.announce()));
    this.tasks.nudge(Announcements.TASK);
  }

  async announce(): Promise<void> {
    const configured = this.subscribers.toAnnounce();
    if (configured.length === 0) return;
    await this.database.asWorker(
      configured.map(
        ({ name, types }) => sql`
          INSERT INTO event_subscriptions (subscriber, event_types) VALUES (${name}, ${types})
          ON CONFLICT (subscriber)
            DO UPDATE SET event_types = excluded.event_types, announced_at = now()`,
      ),
    );
  }
}
