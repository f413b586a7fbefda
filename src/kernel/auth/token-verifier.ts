import { hash } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type CryptoKey,
  decodeProtectedHeader,
  errors,
  importSPKI,
  jwtVerify,
  type JWTPayload,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock.js';
import { CONFIG, type Config } from '../config/index.js';
import { AppError } from '../errors.js';
import type { Principal } from './principal.js';
import { principalOf } from './token-claims.js';

const ALGORITHM = 'RS256';
const CLOCK_TOLERANCE_SECONDS = 30;
const MAX_TOKEN_LENGTH = 8_192;
const MAX_KEY_ID_LENGTH = 128;
const REMEMBERED = 5_000;

interface Verified {
  readonly principal: Principal;
  /** Milliseconds since the epoch, tolerance included. */
  readonly expiresAt: number;
}

/**
 * Verifies user tokens: RS256 only, with the configured keys only (whatever `kid`, `jku` or `x5u`
 * say), exact issuer and audience, `exp` required (RFC 8725). A verified token is remembered by its
 * hash until it expires, because verifying costs more than the rest of a request's edge.
 */
@Injectable()
export class TokenVerifier implements OnModuleInit {
  private readonly verified = new LRUCache<string, Verified>({ max: REMEMBERED });
  private keys: readonly CryptoKey[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Fails the start when a configured key is no RSA public key. */
  async onModuleInit(): Promise<void> {
    const { publicKeys } = this.config.jwt;
    this.keys = await Promise.all(publicKeys.map((pem) => importSPKI(pem, ALGORITHM)));
  }

  /** Throws `INVALID_TOKEN` or `TOKEN_EXPIRED`. */
  async verify(token: string): Promise<Principal> {
    if (token.length > MAX_TOKEN_LENGTH) throw invalid();
    const key = hash('sha256', token, 'base64url');
    const known = this.verified.get(key);
    if (known) {
      if (this.clock.now().getTime() >= known.expiresAt) throw expired();
      return known.principal;
    }
    refuseHeader(token);
    const payload = await this.payloadOf(token);
    const principal = principalOf(payload, key);
    if (!principal) throw invalid();
    const expiresAt = (Number(payload.exp) + CLOCK_TOLERANCE_SECONDS) * 1_000;
    this.verified.set(key, { principal, expiresAt });
    return principal;
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    for (const key of this.keys) {
      const payload = await this.tryKey(token, key);
      if (payload) return payload;
    }
    throw invalid();
  }

  private async tryKey(token: string, key: CryptoKey): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: this.config.jwt.issuer,
        audience: this.config.jwt.audience,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired();
      if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
      throw invalid();
    }
  }
}

/** Headers that ask for a key from elsewhere, for a nested token, or for an extension. */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'cty', 'b64'];

function refuseHeader(token: string): void {
  try {
    const header = decodeProtectedHeader(token);
    const { kid } = header;
    if (REFUSED_HEADERS.some((name) => name in header)) throw invalid();
    if (kid !== undefined && kid.length > MAX_KEY_ID_LENGTH) throw invalid();
  } catch {
    throw invalid();
  }
}

function invalid(): AppError {
  return new AppError('INVALID_TOKEN', 'The token is not valid');
}

function expired(): AppError {
  return new AppError('TOKEN_EXPIRED', 'The token has expired');
}
