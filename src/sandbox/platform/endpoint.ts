import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Call, listen, type Listener, Refusal, type Routes } from '../http-router.js';

/** `down`: connections are reset; `hang`: requests are taken and never answered. */
export type OutageMode = 'none' | 'down' | 'hang';

/** One emulated service of the platform. */
export interface EmulatedService extends Listener {
  setOutage(mode: OutageMode): void;
}

const CONTROL_PREFIX = '/__emulator/';
const outage = z.strictObject({ mode: z.enum(['none', 'down', 'hang']) });

/**
 * Serves a service's routes, and beside them `PUT /__emulator/outage {mode}`. An outage never
 * touches the `/__emulator/` routes. Requests that hang are dropped when the outage ends.
 */
export async function serve(routes: Routes, port: number | undefined): Promise<EmulatedService> {
  let mode: OutageMode = 'none';
  const hanging = new Set<ServerResponse>();
  const setOutage = (wanted: OutageMode): void => {
    mode = wanted;
    for (const response of hanging) response.destroy();
    hanging.clear();
  };
  const intercept = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (mode === 'none' || request.url?.startsWith(CONTROL_PREFIX)) return false;
    if (mode === 'down') {
      request.socket.resetAndDestroy();
    } else {
      hanging.add(response);
      response.once('close', () => hanging.delete(response));
    }
    return true;
  };
  const control: Routes = {
    'PUT /__emulator/outage': ({ body }) => {
      setOutage(parse(outage, body).mode);
      return { status: 200, body: { mode } };
    },
  };
  return { ...(await listen({ ...routes, ...control }, { port, intercept })), setOutage };
}

/** Reads a body by its schema. Refuses with 422 `VALIDATION_ERROR`, naming what is wrong. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new Refusal(422, 'VALIDATION_ERROR', z.prettifyError(result.error));
}

/** The tenant a request speaks for. Refuses with 400 when the header is missing. */
export function tenantOf({ header }: Call): string {
  const tenant = header('x-tenant-id');
  if (tenant === undefined) throw new Refusal(400, 'TENANT_REQUIRED', 'x-tenant-id is missing');
  return tenant;
}

/** 200 with the object, 404 `NOT_FOUND` when the tenant has none of that id. */
export function found<T>(object: T | undefined, what: string): { status: number; body: T } {
  if (object === undefined) throw new Refusal(404, 'NOT_FOUND', `No such ${what}`);
  return { status: 200, body: object };
}
