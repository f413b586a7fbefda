import type { Environment, Started } from './serve.js';

/**
 * Starts one process: API, workers or both (`ROLE`). Without a database outside production it
 * lives in the sandbox. Both ways are loaded on demand: neither pays for the other.
 */
export async function start(env: Environment): Promise<Started> {
  await traceIfAsked(env);
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

/** Before anything else is loaded: tracing changes the modules that the application then imports. */
async function traceIfAsked(env: Environment): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: name = '' } = env;
  // A bad address is told with everything else that is wrong with the configuration.
  if (!endpoint || !URL.canParse(endpoint)) return;
  const { startTracing } = await import('./kernel/observability/tracing.js');
  startTracing({ endpoint, serviceName: name === '' ? 'tickettoken-payments' : name });
}
