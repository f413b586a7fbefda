import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Uuid } from '../ids.js';
import type { Principal, Role } from './principal.js';

/** Who may call a route. Without one of the decorators below: any user with a valid token. */
export type Access =
  | { readonly to: 'everyone' }
  | { readonly to: 'services' }
  | { readonly to: 'roles'; readonly roles: readonly Role[] };

export const ACCESS = 'tickettoken:access';

/** The names of the security schemes in the OpenAPI document. */
export const BEARER_SCHEME = 'bearer';
export const INTERNAL_SCHEME = 'internal';

const access = (value: Access) => SetMetadata(ACCESS, value);

/** No token is needed. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(access({ to: 'everyone' }), ApiSecurity({}));

/** Only the platform's services may call, with a signed request; no user token counts. */
export const InternalOnly = (): MethodDecorator & ClassDecorator =>
  applyDecorators(access({ to: 'services' }), ApiSecurity(INTERNAL_SCHEME));

/** Only callers with one of the roles; `admin` includes `platform_admin`. */
export const Roles = (...roles: readonly [Role, ...Role[]]): MethodDecorator & ClassDecorator =>
  applyDecorators(access({ to: 'roles', roles }), ApiSecurity(BEARER_SCHEME));

/** A service of the platform that signed its request, and the tenant it acts for. */
export interface InternalCaller {
  readonly service: string;
  readonly tenantId: Uuid;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
    internalCaller?: InternalCaller;
  }
}

const requestOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>();

/** The verified caller of a route that needs a token. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => {
    const { principal } = requestOf(context);
    if (!principal) throw new Error('a public route asked for its principal');
    return principal;
  },
);

/** The verified service that calls an internal route. */
export const CurrentService = createParamDecorator(
  (_: unknown, context: ExecutionContext): InternalCaller => {
    const { internalCaller } = requestOf(context);
    if (!internalCaller) throw new Error('a route that is not internal asked for its service');
    return internalCaller;
  },
);
