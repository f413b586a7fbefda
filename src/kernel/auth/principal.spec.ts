import { hasRole, isAdmin, manages, type Principal, type Role } from './principal.js';

const VENUE = '01890000-0000-7000-8000-0000000000ab';
const OTHER = '01890000-0000-7000-8000-0000000000ac';
const caller = (roles: Role[], venues: string[] = [VENUE]): Principal => ({
  userId: OTHER,
  tenantId: OTHER,
  roles,
  venues,
  tokenId: 't',
});

describe('roles', () => {
  it('a platform administrator is an administrator, not the other way round', () => {
    expect(isAdmin(caller(['platform_admin']))).toBe(true);
    expect(isAdmin(caller(['admin']))).toBe(true);
    expect(hasRole(caller(['admin']), ['platform_admin'])).toBe(false);
    expect(hasRole(caller(['platform_admin']), ['reviewer'])).toBe(false);
    expect(hasRole(caller([]), ['user'])).toBe(false);
  });

  it.each([
    [['venue_owner'], VENUE, true],
    [['venue_manager'], VENUE.toUpperCase(), true],
    [['venue_owner'], OTHER, false],
    [['user', 'reviewer'], VENUE, false],
    [['admin'], OTHER, true],
    [['platform_admin'], OTHER, true],
  ] as [Role[], string, boolean][])('%j manages %s: %s', (roles, venue, expected) => {
    expect(manages(caller(roles), venue)).toBe(expected);
  });
});
