import { isAdmin, manages, type Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';

/** Buyers see their own payments, venues their venue's, administrators the tenant's. */
export function maySee(
  principal: Principal,
  { userId, venueId }: { readonly userId: Uuid; readonly venueId: Uuid },
): boolean {
  return userId === principal.userId || isAdmin(principal) || manages(principal, venueId);
}
