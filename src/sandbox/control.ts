import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { listen, type Listener, Refusal, type Routes } from './http-router.js';
import type { LeaseBook } from './leases.js';
import { found, parse } from './platform/endpoint.js';
import type { World } from './world.js';

export interface ControlOptions {
  readonly world: World;
  readonly leases: LeaseBook;
  /** Whether the world ends when the last application says goodbye. */
  readonly endsWithLastLease: boolean;
  /** Ends the world. */
  readonly stop: () => void;
}

const leaseBody = z.strictObject({ pid: z.int().positive(), baseUrl: z.url().optional() });
const userBody = z.strictObject({
  roles: z
    .array(
      z.enum([
        'user',
        'venue_owner',
        'venue_manager',
        'reviewer',
        'researcher',
        'admin',
        'platform_admin',
      ]),
    )
    .default(['user']),
  venues: z.array(z.string()).default([]),
  tenant: z.enum(['main', 'other']).default('main'),
});

/**
 * The world's own API, on loopback: `GET /` its state, `POST /leases {pid, baseUrl?}` an
 * application is here, `DELETE /leases/:pid` it leaves, `POST /users {roles?, venues?, tenant?}`
 * a new user with a token, `POST /stop`. Refuses with 503 `STOPPING` once it ends.
 */
export async function startControl(options: ControlOptions): Promise<Listener> {
  const { world, leases } = options;
  const startedAt = new Date().toISOString();
  let stopping = false;
  const stop = (): void => {
    stopping = true;
    // The answer to whoever asked leaves first.
    setImmediate(options.stop);
  };
  const open = (): void => {
    if (stopping) throw new Refusal(503, 'STOPPING', 'The sandbox is stopping');
  };
  const routes: Routes = {
    'GET /': () => {
      open();
      retarget(world, leases);
      const body = { pid: process.pid, startedAt, leases: leases.living() };
      return { status: 200, body: { ...body, emulators: world.description.emulators } };
    },
    'POST /leases': ({ body }) => {
      open();
      const lease = parse(leaseBody, body);
      if (!leases.grant(lease)) throw new Refusal(422, 'VALIDATION_ERROR', 'No such process');
      if (lease.baseUrl !== undefined) world.setAppUrl(lease.baseUrl);
      return { status: 201, body: lease };
    },
    'DELETE /leases/:pid': ({ params }) => {
      const pid = Number(params.pid);
      const lease = leases.living().find((each) => each.pid === pid);
      const reply = found(lease, 'lease');
      if (leases.release(pid) && options.endsWithLastLease) stop();
      else retarget(world, leases);
      return reply;
    },
    'POST /users': async ({ body }) => {
      open();
      return { status: 201, body: await newUser(world, parse(userBody, body)) };
    },
    'POST /stop': () => {
      stop();
      return { status: 202, body: { stopping: true } };
    },
  };
  return listen(routes, { port: world.controlPort, intercept: refuseBrowsers });
}

/** Webhooks follow an application that still listens, when there is one. */
export function retarget(world: World, leases: LeaseBook): void {
  const target = leases
    .living()
    .map(({ baseUrl }) => baseUrl)
    .findLast((baseUrl) => baseUrl !== undefined);
  if (target !== undefined) world.setAppUrl(target);
}

async function newUser(world: World, { roles, venues, tenant }: z.infer<typeof userBody>) {
  const { cast } = world.identities;
  const tenantId = tenant === 'main' ? cast.tenantId : cast.otherTenantId;
  const { id } = world.platform.users.createUser({}, tenantId);
  const token = await world.identities.mintToken({ sub: id, tenantId, roles, venues });
  return { id, tenantId, token };
}

/** A page in the developer's browser must not reach this API, by its origin or a rebound name. */
function refuseBrowsers(request: IncomingMessage, response: ServerResponse): boolean {
  const host = request.headers.host?.replace(/:\d+$/, '');
  const local = host === '127.0.0.1' || host === 'localhost';
  if (local && request.headers.origin === undefined) return false;
  response.writeHead(403).end();
  return true;
}
