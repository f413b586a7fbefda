import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, SignJWT } from 'jose';
import { JWT_AUDIENCE, JWT_ISSUER } from '../../src/sandbox/identities.js';
import type { TestWorld } from './world.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Changes {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
}

/** `Authorization` headers in an administrator's name that must open no door, by their flaw. */
export async function forgedAuthorizations(world: TestWorld): Promise<Record<string, string>> {
  const genuine = await world.identities.tokenOf('admin');
  const [header = '', claims = '', signature = ''] = genuine.split('.');
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  // The issuer's own key: how else would a token be right but for its issuer?
  const issuer = world.identities['key'];
  const unsigned = (alg: string) => `${encode({ alg, typ: 'JWT' })}.${claims}`;
  const changed = { ...decode(claims), roles: ['platform_admin'] };
  const hs256 = createHmac('sha256', world.identities.publicKey);
  const tokens = {
    'not a token': 'abc',
    'alg none': `${unsigned('none')}.`,
    'alg nOnE with a signature': `${unsigned('nOnE')}.${signature}`,
    'HS256 with the public key': `${unsigned('HS256')}.${hs256.update(unsigned('HS256')).digest('base64url')}`,
    'changed claims': [header, encode(changed), signature].join('.'),
    'another key': await signed(world, stranger, {}),
    'another key, and where to find it': await signed(world, stranger, {
      header: { jku: 'https://keys.example.com' },
    }),
    expired: await signed(world, issuer, { expiresAt: Math.floor(Date.now() / 1_000) - 60 }),
    'another issuer': await signed(world, issuer, { issuer: 'https://id.example.com' }),
    'another audience': await signed(world, issuer, { audience: 'another-service' }),
  };
  const bearer = Object.entries(tokens).map(([flaw, token]) => [flaw, `Bearer ${token}`] as const);
  return { ...Object.fromEntries(bearer), 'Basic instead of Bearer': `Basic ${genuine}` };
}

function signed({ cast }: TestWorld, key: KeyObject, changes: Changes): Promise<string> {
  const { header, issuer = JWT_ISSUER, audience = JWT_AUDIENCE, expiresAt = '1h' } = changes;
  return new SignJWT({ tenant_id: cast.tenantId, roles: ['admin'] })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...header })
    .setSubject(cast.users.admin)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expiresAt)
    .sign(key);
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
