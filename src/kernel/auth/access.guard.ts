import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.js';
import { requestContext } from '../observability/request-context.js';
import { type Access, ACCESS } from './access.js';
import { InternalVerifier } from './internal-verifier.js';
import { hasRole, type Principal } from './principal.js';
import { TokenVerifier } from './token-verifier.js';

const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

/** Stands before every route: closed unless the route says otherwise. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly internal: InternalVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.accessOf(context);
    if (access?.to === 'everyone') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access?.to === 'services') {
      request.internalCaller = await this.internal.verify(request);
      note(request.internalCaller.tenantId);
      return true;
    }
    const principal = await this.authenticate(request);
    request.principal = principal;
    note(principal.tenantId, principal.userId);
    if (access && !hasRole(principal, access.roles)) {
      throw new AppError('FORBIDDEN', 'The caller has none of the roles that this needs');
    }
    return true;
  }

  private accessOf(context: ExecutionContext): Access | undefined {
    return this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
  }

  private authenticate({ headers }: FastifyRequest): Promise<Principal> {
    if (!headers.authorization) {
      throw new AppError('AUTH_REQUIRED', 'A bearer token is required');
    }
    const token = BEARER.exec(headers.authorization)?.[1];
    if (!token)
      throw new AppError('INVALID_TOKEN', 'The Authorization header holds no bearer token');
    return this.tokens.verify(token);
  }
}

/** Lets every later log line of the request name the caller. */
function note(tenantId: string, userId?: string): void {
  const context = requestContext();
  if (!context) return;
  context.tenantId = tenantId;
  if (userId !== undefined) context.userId = userId;
}
