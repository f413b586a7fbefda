import type { Environment, Started } from './serve.js';

/**
 * Starts one process: API, workers or both (`ROLE`). Without a database outside production it
 * lives in the sandbox. Both ways are loaded on demand: neither pays for the other.
 */
export async function start(env: Environment): Promise<Started> {
  if (livesInSandbox(env)) {
    const { serveInSandbox } = await import('./sandbox/serve-in-sandbox.js');
    return serveInSandbox(env);
  }
  const { serve } = await import('./serve.js');
  return serve(env);
}

/** Without a database, or with the environment that `npm run sandbox` wrote; never in production. */
function livesInSandbox({ NODE_ENV, DATABASE_URL, DB_HOST, SANDBOX_DIR }: Environment): boolean {
  if (NODE_ENV === 'production') return false;
  return Boolean(SANDBOX_DIR) || !(DATABASE_URL ?? DB_HOST);
}
