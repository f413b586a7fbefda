import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../clock.js';
import { CONFIG, type Config } from '../config/index.js';
import { constantTimeEqual } from '../crypto/constant-time.js';
import { AppError } from '../errors.js';
import { isUuid } from '../ids.js';
import type { InternalCaller } from './access.js';
import { internalSignature } from './internal-signature.js';
import { NonceStore } from './nonce-store.js';

const WINDOW_SECONDS = 300;
const NONCE = /^[\w-]{16,128}$/;
const NO_BODY = Buffer.alloc(0);

/**
 * Verifies a service-to-service request (Payment service spec, Internal Service Auth): a known
 * service, a timestamp within five minutes, a signature by one of the service's secrets, and a
 * nonce that was never used. `AUTH_REQUIRED` without the headers, `TOKEN_EXPIRED` outside of the
 * window, else `INVALID_TOKEN`; which check failed is not told.
 */
@Injectable()
export class InternalVerifier {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly nonces: NonceStore,
    private readonly clock: Clock,
  ) {}

  async verify(request: FastifyRequest): Promise<InternalCaller> {
    const service = header(request, 'service');
    const timestamp = header(request, 'timestamp');
    const nonce = header(request, 'nonce');
    const tenantId = header(request, 'tenant');
    const signature = header(request, 'signature');
    if (!isUuid(tenantId) || !NONCE.test(nonce) || !/^\d{10}$/.test(timestamp)) throw invalid();
    const { method, url: path = '' } = request.raw;
    const body = request.rawBody ?? NO_BODY;
    const signed = { method: method ?? '', path, timestamp, nonce, tenantId, body };
    const genuine = this.secretsOf(service).filter((secret) =>
      constantTimeEqual(signature, internalSignature(secret, signed)),
    );
    if (genuine.length === 0) throw invalid();
    const ageSeconds = this.clock.now().getTime() / 1_000 - Number(timestamp);
    if (Math.abs(ageSeconds) > WINDOW_SECONDS) throw expired();
    const tenant = tenantId.toLowerCase();
    if (!(await this.nonces.claim(tenant, service, nonce))) throw invalid();
    return { service, tenantId: tenant };
  }

  private secretsOf(service: string): string[] {
    const { services } = this.config.internal;
    return services.filter(({ name }) => name === service).map(({ secret }) => secret);
  }
}

function header({ headers }: FastifyRequest, name: string): string {
  const value = headers[`x-internal-${name}`];
  if (typeof value === 'string' && value !== '') return value;
  throw new AppError('AUTH_REQUIRED', 'This route needs a signed internal request');
}

function invalid(): AppError {
  return new AppError('INVALID_TOKEN', 'The internal signature is not valid');
}

function expired(): AppError {
  return new AppError('TOKEN_EXPIRED', 'The internal signature is too old or too new');
}
