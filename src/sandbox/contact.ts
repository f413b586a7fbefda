import { readIfPresent } from './atomic-file.js';
import type { WorldAddress, WorldFiles } from './folder.js';
import { isAlive } from './process-table.js';

const TIMEOUT_MS = 2_000;

/** The world that runs in this folder and is not about to stop, `undefined` when there is none. */
export async function findWorld(files: WorldFiles): Promise<WorldAddress | undefined> {
  const text = readIfPresent(files.address);
  if (text === undefined) return undefined;
  const address = JSON.parse(text) as WorldAddress;
  if (!isAlive(address.pid)) return undefined;
  const answer = await ask(address, 'GET', '/');
  // Another folder's world may have taken the port since.
  return answer?.pid === address.pid ? address : undefined;
}

/** Takes a lease, or tells where the application listens. False when the world is not there. */
export async function lease(address: WorldAddress, baseUrl?: string): Promise<boolean> {
  const body = { pid: process.pid, ...(baseUrl === undefined ? {} : { baseUrl }) };
  return (await ask(address, 'POST', '/leases', body)) !== undefined;
}

/** Ends this process's lease. A world that is gone has nothing left to end. */
export async function leave(address: WorldAddress): Promise<void> {
  await ask(address, 'DELETE', `/leases/${process.pid}`);
}

/** The answer's body, `undefined` when the world refused or did not answer. */
async function ask(
  { controlUrl }: WorldAddress,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(new URL(path, controlUrl), {
      method,
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return response.ok ? answer : undefined;
  } catch {
    return undefined;
  }
}
