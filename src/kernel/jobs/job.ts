import type { Provider, Type } from '@nestjs/common';
import type { Refusal } from '../errors.js';
import type { Uuid } from '../ids.js';
import type { JsonObject } from '../outbox/integration-event.js';
import { currentTraceparent } from '../observability/trace-context.js';
import type { Statement } from '../postgres/sql.js';
import { sql } from '../postgres/sql.js';
import { JobKinds } from './job-kinds.js';
import type { QueueName } from './queues.js';

/** One sort of work that waits: a mail, a delivery, a reminder. */
export interface JobKind<Payload extends JsonObject = JsonObject> {
  /** Never rename: rows carry it. */
  readonly kind: string;
  readonly queue: QueueName;
  /**
   * Seconds before each further try; when they are used up, the job has failed. Tries that failed
   * because the database, or what an `AppError` of 503 names, is away do not count.
   */
  readonly retry: readonly number[];
  /** A job older than this has failed also when only tries are left that do not count. */
  readonly patienceSeconds?: number;
  /** Shape of the payload; types only. */
  readonly payload?: Payload;
}

/** A job as its handler gets it. */
export interface Job<Payload extends JsonObject = JsonObject> {
  readonly tenantId: Uuid;
  /** The same at every try: what the job does, it does once under this id. */
  readonly id: Uuid;
  readonly payload: Payload;
  /** Tries that failed before this one. */
  readonly attempts: number;
  readonly correlationId?: string;
}

/**
 * Does a job, which may come again after a crash. The statements it answers commit together with the
 * note that the job is done, and not at all when another process has taken the job over meanwhile. A
 * refusal or a throw means another try.
 */
export interface JobHandler<Payload extends JsonObject = JsonObject> {
  run(job: Job<Payload>): Promise<readonly Statement[] | Refusal>;
  /** What else to store when there is no further try; an open item is made in any case. */
  gaveUp?(job: Job<Payload>, error: string): readonly Statement[];
}

/** A job to be done once the transaction it is added to has committed. */
export interface NewJob<Payload extends JsonObject = JsonObject> {
  /** One that the tenant has already changes nothing: derive it from what causes the job. */
  readonly id: Uuid;
  readonly payload: Payload;
  /** Not before this long from now. */
  readonly delaySeconds?: number;
  readonly correlationId?: string;
}

/**
 * Adds a job. Nudge `JOBS` after the commit, or it begins within a second. For the application's and
 * the worker's transactions.
 */
export function addJob<Payload extends JsonObject>(
  tenantId: Uuid,
  { kind, queue }: JobKind<Payload>,
  { id, payload, delaySeconds = 0, correlationId }: NewJob<Payload>,
): Statement {
  return sql`
    INSERT INTO jobs (tenant_id, id, queue, kind, payload, correlation_id, traceparent,
      next_attempt_at)
    VALUES (${tenantId}, ${id}, ${queue}, ${kind}, ${payload}, ${correlationId ?? null},
      ${currentTraceparent() ?? null}, now() + make_interval(secs => ${delaySeconds}))
    ON CONFLICT (tenant_id, id) DO NOTHING`;
}

/** Registers who does jobs of a kind; list the answer, and the handler, among a module's providers. */
export function provideJob<Payload extends JsonObject>(
  kind: JobKind<Payload>,
  handler: Type<JobHandler<Payload>>,
): Provider {
  return {
    provide: Symbol(`job ${kind.kind}`),
    useFactory: (kinds: JobKinds, instance: JobHandler<Payload>) => {
      kinds.add(kind, instance);
      return instance;
    },
    inject: [JobKinds, handler],
  };
}
