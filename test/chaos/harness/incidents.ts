import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../../src/kernel/errors.js';
import type { TcpProxy } from '../../support/tcp-proxy.js';
import type { Incident, Server } from './plan.js';

/** A server that can be troubled. */
export interface Troubled {
  readonly proxy: TcpProxy;
  /** At once and without ceremony. */
  restart?(): Promise<void>;
  /** Forgets everything. */
  flush?(): Promise<void>;
  /** Replaces its last blocks by empty ones. */
  reorganize?(): Promise<void>;
  /** Lets so many blocks pass that nothing signed before can get into one. */
  expire?(): void;
}

const LATE_MS = 400;

/** Lets the incidents happen, one after the other, from the beginning again if there is time. */
export async function happen(
  incidents: readonly Incident[],
  servers: Readonly<Partial<Record<Server, Troubled>>>,
  until: AbortSignal,
): Promise<number> {
  let happened = 0;
  while (!until.aborted && incidents.length > 0) {
    const incident = incidents[happened % incidents.length];
    const server = incident && servers[incident.server];
    if (!incident || !server) throw new Error('an incident at a server that does not run');
    await occur(incident, server);
    happened += 1;
    await sleep(incident.thenMs, undefined, { signal: until }).catch(() => undefined);
  }
  return happened;
}

async function occur({ trouble, forMs }: Incident, server: Troubled): Promise<void> {
  const { proxy } = server;
  switch (trouble) {
    case 'cut':
      proxy.cut();
      return;
    case 'hold':
      proxy.hold();
      await sleep(forMs);
      proxy.release();
      return;
    case 'slow':
      proxy.delayMs = LATE_MS;
      await sleep(forMs);
      proxy.delayMs = 0;
      return;
    case 'restart':
      await server.restart?.();
      return;
    case 'flush':
      await server.flush?.();
      return;
    case 'reorganize':
      await server.reorganize?.();
      return;
    case 'expire':
      server.expire?.();
      return;
    default:
      assertNever(trouble);
  }
}
