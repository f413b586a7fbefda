import { derivedId, type Uuid } from '../ids.js';
import { currentTraceparent } from '../observability/trace-context.js';
import type { IntegrationEvent, JsonObject } from '../outbox/index.js';
import { sql, type Statement } from '../postgres/sql.js';
import type { SagaOutput } from './saga.js';

/** Which instance of which saga. */
export interface Instance {
  readonly saga: string;
  readonly key: string;
}

export function readInstance(tenantId: Uuid, { saga, key }: Instance): Statement {
  return sql`SELECT version, state FROM saga_instances
    WHERE tenant_id = ${tenantId} AND saga = ${saga} AND key = ${key}`;
}

/** Stores the state that follows version `seen` (0: none yet); refused when another event was first. */
export function saveInstance(
  tenantId: Uuid,
  { saga, key }: Instance,
  seen: number,
  state: JsonObject,
): Statement {
  return sql`
    WITH saved AS (
      INSERT INTO saga_instances AS i (tenant_id, saga, key, version, state)
      VALUES (${tenantId}, ${saga}, ${key}, ${seen}::integer + 1, ${state})
      ON CONFLICT (tenant_id, saga, key) DO UPDATE
        SET version = excluded.version, state = excluded.state, updated_at = now()
        WHERE i.version = ${seen}::integer
      RETURNING version
    )
    SELECT guard((SELECT count(*) = 1 FROM saved), 'a saga instance has moved on')`;
}

/** Commands get the same ids whenever the event is handled: a second reaction to it is refused. */
export function addCommands(
  event: IntegrationEvent,
  { saga, key }: Instance,
  commands: readonly SagaOutput[],
): Statement {
  return sql`
    INSERT INTO saga_commands
      (tenant_id, saga, key, event_id, correlation_id, traceparent, id, type, payload,
        next_attempt_at)
    SELECT ${event.tenantId}, ${saga}, ${key}, ${event.id}, ${event.correlationId ?? null},
      ${currentTraceparent() ?? null}, c.id, c.type, c.payload, now() + make_interval(secs => c.delay)
    FROM unnest(
      ${commands.map((_, index) => derivedId(event.id, `${saga}:${index}`))}::uuid[],
      ${commands.map((command) => command.type)}::text[],
      ${commands.map((command) => JSON.stringify(command.payload))}::jsonb[],
      ${commands.map((command) => command.delaySeconds ?? 0)}::float8[]
    ) AS c (id, type, payload, delay)`;
}
