import type { JWTPayload } from 'jose';
import { isUuid, type Uuid } from '../ids.js';
import { type Principal, type Role, ROLES } from './principal.js';

const MAX_VENUES = 1_000;
const MAX_TOKEN_ID = 128;

/**
 * The caller that a verified payload names: `sub` (or its alias `id`) and `tenant_id` must be UUIDs,
 * `roles` (or `role`) and `venues` lists. Unknown roles are ignored. Undefined when a claim is
 * missing or malformed.
 */
export function principalOf(payload: JWTPayload, hash: string): Principal | undefined {
  const { sub, id, tenant_id: tenantId, jti } = payload;
  const userId = sub ?? id;
  if (!isUuid(userId) || !isUuid(tenantId)) return undefined;
  if (sub !== undefined && id !== undefined && sub !== id) return undefined;
  const roles = listOf(payload.roles ?? payload.role);
  const venues = listOf(payload.venues);
  if (!roles || !venues?.every(isUuid) || venues.length > MAX_VENUES) return undefined;
  return {
    userId: lower(userId),
    tenantId: lower(tenantId),
    roles: ROLES.filter((role: Role) => roles.includes(role)),
    venues: venues.map(lower),
    tokenId: typeof jti === 'string' && jti.length <= MAX_TOKEN_ID ? jti : hash,
  };
}

function lower(id: Uuid): Uuid {
  return id.toLowerCase();
}

/** A list of texts, one text alone, or nothing; anything else is malformed. */
function listOf(claim: unknown): string[] | undefined {
  if (claim === undefined || claim === null) return [];
  if (typeof claim === 'string') return [claim];
  const isList = Array.isArray(claim) && claim.every((item) => typeof item === 'string');
  return isList ? claim : undefined;
}
