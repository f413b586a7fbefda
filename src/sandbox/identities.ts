import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { newId } from '../kernel/ids.js';
import { readIfPresent, writeAtomic } from './atomic-file.js';
import { type Cast, USER_NAMES, type UserName } from './cast.js';

/** The roles a token may carry. */
export type Role =
  'user' | 'venue_owner' | 'venue_manager' | 'reviewer' | 'researcher' | 'admin' | 'platform_admin';

export interface TokenClaims {
  /** The user's id. */
  readonly sub: string;
  readonly tenantId: string;
  readonly roles: readonly Role[];
  /** The venues an owner or manager answers for. */
  readonly venues?: readonly string[];
  /** A span such as `12h` (the default) or `-1m` for one that has expired. */
  readonly expiresIn?: string;
}

export const JWT_ISSUER = 'https://identity.tickettoken.test';
export const JWT_AUDIENCE = 'tickettoken-payments';

/** The sandbox's identity provider: one RS256 key that signs everyone's tokens. */
export class Identities {
  constructor(
    readonly cast: Cast,
    private readonly key: KeyObject,
  ) {}

  /** PEM of what verifies the tokens. */
  get publicKey(): string {
    return createPublicKey(this.key).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** A signed token with the platform's claims: `sub`, `tenant_id`, `roles`, `venues`. */
  mintToken({
    sub,
    tenantId,
    roles,
    venues = [],
    expiresIn = '12h',
  }: TokenClaims): Promise<string> {
    return new SignJWT({ tenant_id: tenantId, roles: [...roles], venues: [...venues] })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setSubject(sub)
      .setIssuer(JWT_ISSUER)
      .setAudience(JWT_AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .setJti(newId())
      .sign(this.key);
  }

  /** A fresh token of someone of the cast. */
  tokenOf(name: UserName): Promise<string> {
    return this.mintToken(claimsOf(name, this.cast));
  }

  /** A fresh token for each of the cast, valid for 12 hours. */
  async tokens(): Promise<Record<UserName, string>> {
    const pairs = USER_NAMES.map(async (name) => [name, await this.tokenOf(name)] as const);
    return Object.fromEntries(await Promise.all(pairs)) as Record<UserName, string>;
  }
}

/** The key kept in `folder`, made on the first call and readable by its owner only. */
export async function loadSigningKey(folder: string): Promise<KeyObject> {
  const file = path.join(folder, 'jwt-private.pem');
  const kept = readIfPresent(file);
  if (kept !== undefined) return createPrivateKey(kept);
  const key = await newSigningKey();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeAtomic(file, key.export({ type: 'pkcs8', format: 'pem' }).toString());
  return key;
}

/** A new RSA key of 2048 bits. */
export async function newSigningKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey;
}

function claimsOf(name: UserName, { users, venues, ...tenants }: Cast): TokenClaims {
  const tenantId = name === 'stranger' ? tenants.otherTenantId : tenants.tenantId;
  const sub = users[name];
  switch (name) {
    case 'venueOwner':
      return { sub, tenantId, roles: ['venue_owner'], venues: [venues.nashville, venues.newYork] };
    case 'admin':
      // The tenant's administrator, and the platform's operator: the sandbox has one of both.
      return { sub, tenantId, roles: ['admin', 'platform_admin'] };
    case 'buyer':
    case 'buyer2':
    case 'seller':
    case 'stranger':
      return { sub, tenantId, roles: ['user'] };
  }
}
