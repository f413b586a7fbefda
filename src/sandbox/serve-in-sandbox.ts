import './refuse-production.js';
import 'reflect-metadata';
import { freePort } from '../kernel/http/free-port.js';
import type { Environment, Started } from '../serve.js';
import { attachSandbox } from './attach.js';

const USUAL_PORT = 3005;

/**
 * Serves in the world of the sandbox's folder, whose settings stand in for every variable that
 * is not set. The world starts in a process of its own while this one loads the application.
 */
export async function serveInSandbox(given: Environment): Promise<Started> {
  const [
    sandbox,
    { serve },
    { migrate },
    { seedTenantSettings },
    { seedFraudRules },
    { SandboxModule },
  ] = await Promise.all([
    attachSandbox(),
    import('../serve.js'),
    import('../kernel/postgres/migrate.js'),
    import('./seed-tenant-settings.js'),
    import('./seed-fraud-rules.js'),
    import('./sandbox.module.js'),
  ]);
  for (const missing of sandbox.description.chains?.missing ?? []) console.error(missing);
  const own = withoutBlanks(given);
  const wanted = Number(own.PORT ?? USUAL_PORT);
  const port = await freePort(wanted);
  if (port !== wanted) console.error(`Port ${wanted} is taken: using ${port}.`);
  const local = { HOST: '127.0.0.1', PUBLIC_BASE_URL: `http://127.0.0.1:${port}` };
  const env: Environment = { ...sandbox.env, ...local, ...own, PORT: String(port) };
  const databaseUrl = env.DATABASE_URL ?? '';
  await migrate(databaseUrl);
  await Promise.all([
    seedTenantSettings(databaseUrl, sandbox.description),
    seedFraudRules(databaseUrl, sandbox.description),
  ]);
  const started = await serve(env, [SandboxModule.register(sandbox)], () => sandbox.leave());
  await sandbox.register(started.url);
  return started;
}

function withoutBlanks(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
