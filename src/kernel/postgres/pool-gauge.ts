import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { registry } from '../observability/metrics.js';

const watched = new Map<string, Pool>();

/** Shows a pool in `database_connections` from now on; of two with one name, the later one. */
export function watchPool(name: string, pool: Pool): void {
  watched.set(name, pool);
}

const connections = new Gauge({
  name: 'database_connections',
  help: 'Connections to PostgreSQL by pool and state: used, idle, or requests waiting for one',
  labelNames: ['pool', 'state'],
  registers: [registry],
  collect: () => {
    for (const [pool, { totalCount, idleCount, waitingCount }] of watched) {
      connections.set({ pool, state: 'used' }, totalCount - idleCount);
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'waiting' }, waitingCount);
    }
  },
});
