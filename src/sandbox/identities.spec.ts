import { importSPKI, jwtVerify } from 'jose';
import { newCast, USER_NAMES } from './cast.js';
import { Identities, JWT_AUDIENCE, JWT_ISSUER, newSigningKey } from './identities.js';

describe('Identities', () => {
  const cast = newCast();
  let identities: Identities;

  beforeAll(async () => {
    identities = new Identities(cast, await newSigningKey());
  });

  const verify = async (token: string) =>
    jwtVerify(token, await importSPKI(identities.publicKey, 'RS256'), {
      algorithms: ['RS256'],
      issuer: JWT_ISSUER,
      audience: JWT_AUDIENCE,
    });

  it.each([
    ['buyer', ['user'], cast.tenantId, []],
    ['venueOwner', ['venue_owner'], cast.tenantId, [cast.venues.nashville, cast.venues.newYork]],
    ['admin', ['admin', 'platform_admin'], cast.tenantId, []],
    ['stranger', ['user'], cast.otherTenantId, []],
  ] as const)('mints a token for %s', async (name, roles, tenantId, venues) => {
    const { payload } = await verify(await identities.tokenOf(name));
    expect(payload).toMatchObject({ sub: cast.users[name], tenant_id: tenantId, roles, venues });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 60 * 60);
  });

  it('gives everyone a token of their own', async () => {
    const tokens = await identities.tokens();
    const verified = await Promise.all(Object.values(tokens).map(verify));
    expect(Object.keys(tokens)).toEqual([...USER_NAMES]);
    expect(new Set(verified.map(({ payload }) => payload.jti)).size).toBe(USER_NAMES.length);
    expect(verified.map(({ payload }) => payload.sub)).toEqual(Object.values(cast.users));
  });

  it('mints one that has expired', async () => {
    const claims = { sub: 'x', tenantId: cast.tenantId, roles: ['user'] as const };
    const token = await identities.mintToken({ ...claims, expiresIn: '-1m' });
    await expect(verify(token)).rejects.toThrow('"exp" claim timestamp check failed');
  });
});
