import type { JsonObject } from '../outbox/integration-event.js';

/** `critical`: money is at risk or something stands still; `warning`: somebody should look today. */
export type Severity = 'warning' | 'critical';

/** Something that a human must look at. Ids and facts only, never names, e-mail or postal addresses. */
export interface Alert {
  /** What is told together and no more often than every so many minutes: `breaker:stripe`. */
  readonly key: string;
  readonly severity: Severity;
  /** One sentence for people. */
  readonly title: string;
  /** Which part of the application says so; process, host and environment are added. */
  readonly module: string;
  readonly details?: JsonObject;
}

/** Where an alert comes from. */
export type Origin = {
  readonly module: string;
  readonly role: string;
  readonly host: string;
  readonly environment: string;
};

/** An alert as it is told: everything of its key since the last message. */
export interface DueAlert {
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly origin: Origin;
  readonly details: JsonObject;
  /** How often since the last message, and ever. */
  readonly fresh: number;
  readonly seen: number;
  readonly untoldSince: Date;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}
