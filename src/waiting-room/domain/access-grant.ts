import type { Uuid } from '../../kernel/ids.js';

/** What an access token is for. */
export const PURCHASE_SCOPE = 'purchase';

/** What a genuine access token says: one person may buy for one event, once. */
export interface AccessGrant {
  /** The token's `jti`: the row that is reserved, consumed or released. */
  readonly jti: Uuid;
}

/** For whom and what a token must have been given. */
export interface WantedAccess {
  readonly tenantId: Uuid;
  readonly eventId: Uuid;
  readonly userId: Uuid;
}

/** The claims of an access token, as they stand in the JWT. */
export interface AccessClaims {
  readonly jti: Uuid;
  readonly sub: Uuid;
  readonly tenant_id: Uuid;
  readonly event_id: Uuid;
  readonly queue_id: Uuid;
  readonly scope: string;
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** Was a token with these claims given for what is wanted? Ids are compared without regard to case. */
export function grantsAccess(claims: AccessClaims, wanted: WantedAccess): boolean {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  return (
    claims.scope === PURCHASE_SCOPE &&
    same(claims.tenant_id, wanted.tenantId) &&
    same(claims.event_id, wanted.eventId) &&
    same(claims.sub, wanted.userId)
  );
}
