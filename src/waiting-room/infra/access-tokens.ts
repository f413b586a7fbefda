import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { hmacSha256 } from '../../kernel/crypto/digest.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import {
  type AccessClaims,
  type AccessGrant,
  grantsAccess,
  PURCHASE_SCOPE,
  type WantedAccess,
} from '../domain/access-grant.js';
import type { RoomKey } from '../domain/room.js';
import type { HeldAccess } from './access-rows.js';

const ALGORITHM = 'HS256';
const TYPE = 'queue+jwt';
const ISSUER = 'waiting-room';
const AUDIENCE = 'purchase';
const MAX_LENGTH = 2_048;

/**
 * Access tokens: JWTs (HS256) under a key that signs nothing else, told apart from other tokens by
 * type, issuer and audience (RFC 8725). A genuine token is a claim to a row: whether it is still good
 * is decided in the purchase's own transaction, by `reserveAccess`.
 */
@Injectable()
export class AccessTokens {
  private readonly keys: readonly Uint8Array[];

  constructor(@Inject(CONFIG) { queueToken }: Pick<Config, 'queueToken'>) {
    this.keys = queueToken.secrets.map((secret) => hmacSha256(Buffer.from(secret), 'queue'));
  }

  /** The same for the same access, whenever it is asked for. */
  sign({ tenantId, eventId }: RoomKey, access: HeldAccess): Promise<string> {
    const [key] = this.keys;
    if (!key) throw new Error('no secret signs access tokens');
    const claims = {
      tenant_id: tenantId,
      event_id: eventId,
      queue_id: access.queueId,
      scope: PURCHASE_SCOPE,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(access.userId)
      .setJti(access.jti)
      .setExpirationTime(Math.floor(access.expiresAt.getTime() / 1_000))
      .sign(key);
  }

  /**
   * What a token grants to whom it was given. Refuses `QUEUE_TOKEN_REQUIRED` where there is none, and
   * `INVALID_ACCESS_TOKEN` whatever is not ours, expired, or for another tenant, event or user.
   */
  async verify(
    token: string | undefined,
    wanted: WantedAccess,
    now: Date,
  ): Promise<AccessGrant | Refusal> {
    if (token === undefined || token === '') return REQUIRED;
    const claims = token.length <= MAX_LENGTH ? await this.read(token, now) : undefined;
    return claims && grantsAccess(claims, wanted) ? { jti: claims.jti } : INVALID;
  }

  private async read(token: string, now: Date): Promise<AccessClaims | undefined> {
    for (const key of this.keys) {
      try {
        const { payload } = await jwtVerify<AccessClaims>(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['exp', 'jti', 'sub'],
          currentDate: now,
        });
        return areOurs(payload) ? payload : undefined;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) return undefined;
      }
    }
    return undefined;
  }
}

function areOurs(claims: AccessClaims): boolean {
  const { jti, sub, tenant_id, event_id, queue_id } = claims;
  return [jti, sub, tenant_id, event_id, queue_id].every(isUuid);
}

const REQUIRED = refuse(
  'QUEUE_TOKEN_REQUIRED',
  'This event sells to those whom its waiting room admits. Join it first.',
);

const INVALID = refuse('INVALID_ACCESS_TOKEN', 'The access token is not valid for this purchase');
