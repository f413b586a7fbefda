import type { Uuid } from '../ids.js';

/** `admin` administers one tenant, `platform_admin` all of them; the rest are about venues and reviews. */
export const ROLES = [
  'user',
  'venue_owner',
  'venue_manager',
  'reviewer',
  'researcher',
  'admin',
  'platform_admin',
] as const;

export type Role = (typeof ROLES)[number];

/** Who is calling, as the verified token says. */
export interface Principal {
  readonly userId: Uuid;
  readonly tenantId: Uuid;
  readonly roles: readonly Role[];
  /** Venues the caller owns or manages. */
  readonly venues: readonly Uuid[];
  /** The token's `jti`, or a hash of the token. */
  readonly tokenId: string;
}

/** Has the caller one of the roles? A platform administrator is an administrator everywhere. */
export function hasRole({ roles }: Principal, wanted: readonly Role[]): boolean {
  return wanted.some((role) => roles.includes(role) || implied(role, roles));
}

function implied(role: Role, roles: readonly Role[]): boolean {
  return role === 'admin' && roles.includes('platform_admin');
}

export function isAdmin(principal: Principal): boolean {
  return hasRole(principal, ['admin']);
}

/** May the caller act for the venue: its owner, its manager, or an administrator? */
export function manages(principal: Principal, venueId: Uuid): boolean {
  if (isAdmin(principal)) return true;
  const acts = hasRole(principal, ['venue_owner', 'venue_manager']);
  return acts && principal.venues.includes(venueId.toLowerCase());
}
