import type { Principal } from '../auth/principal.js';
import { newId, type Uuid } from '../ids.js';
import { redact } from '../observability/redact.js';
import { requestContext } from '../observability/request-context.js';
import type { Statement } from '../postgres/sql.js';

/** Who acts: a user by id, one of the platform's services by name, or a part of ours by name. */
export interface Actor {
  readonly type: 'user' | 'service' | 'system';
  readonly id: string;
}

/**
 * Who did what to which object. `after` (and `before`) tell the object by ids and facts, never by
 * names, e-mail or postal addresses; cents may be bigint. Null: there is none, as before a creation
 * or after a removal.
 */
export interface AuditedAction {
  readonly actor: Actor;
  /** `<object>.<what was done>` in lower case, such as `open_item.resolved`. */
  readonly action: string;
  /** Types are words such as `open_item`, ids those of ours or of a provider. */
  readonly object: { readonly type: string; readonly id: string };
  readonly after: object | null;
}

export interface AuditEntry extends AuditedAction {
  readonly before: object | null;
}

/** The caller as an actor. */
export function userActor({ userId }: Pick<Principal, 'userId'>): Actor {
  return { type: 'user', id: userId };
}

/**
 * Records an action in the transaction that does it: both are there, or neither. For the
 * application's and the worker's transactions. The request under way gives the correlation and
 * request ids. Whatever looks like a card number, key, token or e-mail address is taken out.
 */
export function audit(tenantId: Uuid, { before, ...action }: AuditEntry): Statement {
  return auditReading(tenantId, action, {
    text: 'SELECT $1::jsonb AS before',
    values: [documentOf(before)],
    name: 'given',
  });
}

/**
 * As `audit`, where the state before is known to the database alone: `before` answers one row with a
 * jsonb column `before` inside the same transaction. What it answers is stored as it is.
 */
export function auditReading(
  tenantId: Uuid,
  { actor, action, object, after }: AuditedAction,
  before: Statement,
): Statement {
  const { correlationId = null, requestId = null } = requestContext() ?? {};
  const values = [
    ...[tenantId, newId(), actor.type, actor.id, action, object.type, object.id],
    ...[documentOf(after), correlationId, requestId],
  ];
  // The reading comes first, so that its parameters keep their numbers.
  const own = values.map((_, index) => `$${before.values.length + index + 1}`);
  return {
    text: `WITH prior AS (${before.text})
      INSERT INTO audit_log (tenant_id, id, actor_type, actor_id, action, object_type, object_id,
        after, correlation_id, request_id, before)
      VALUES (${own.join(', ')}, (SELECT before FROM prior))`,
    name: `audit:${before.name}`,
    values: [...before.values, ...values],
  };
}

function documentOf(value: object | null): string | null {
  return value && redact(JSON.stringify(value, withoutBigint));
}

/** Exact: every amount is far below 2^53. */
function withoutBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
