import type { Role } from '../../src/kernel/auth/principal.js';
import { newId } from '../../src/kernel/ids.js';
import type { TestWorld } from './world.js';

const isOfVenue = (role: Role) => role === 'venue_owner' || role === 'venue_manager';

/** A user of the role to whom nothing of the samples belongs. */
export function someoneElse({ identities, cast }: TestWorld, role: Role): Promise<string> {
  const venues = isOfVenue(role) ? [cast.venues.newYork] : [];
  return identities.mintToken({ sub: newId(), tenantId: cast.tenantId, roles: [role], venues });
}

/** A user of the role to whom the samples belong: their buyer, or the venue's staff. */
export async function owner(
  { identities, cast }: TestWorld,
  role: Role,
): Promise<{ userId: string; token: string }> {
  const userId = isOfVenue(role) ? newId() : cast.users.buyer;
  const venues = isOfVenue(role) ? [cast.venues.nashville] : [];
  const token = await identities.mintToken({
    sub: userId,
    tenantId: cast.tenantId,
    roles: [role],
    venues,
  });
  return { userId, token };
}

/** Another tenant's user who claims the very ids that the samples are about. */
export function impostor({ identities, cast }: TestWorld, role: Role): Promise<string> {
  return identities.mintToken({
    sub: cast.users.buyer,
    tenantId: cast.otherTenantId,
    roles: [role],
    venues: [cast.venues.nashville],
  });
}
