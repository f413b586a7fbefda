import { pathToFileURL } from 'node:url';
import { createApplication } from './application.js';
import { ConfigError, loadConfig } from './kernel/config/index.js';
import { freePort } from './kernel/http/free-port.js';
import { GracefulShutdown, MetricsListener, ServiceInfo } from './kernel/observability/index.js';
import { migrate } from './kernel/postgres/migrate.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A started process: where it answers, and how to end it in good order. */
export interface Started {
  readonly url: string;
  readonly metricsUrl: string | null;
  stop(): Promise<void>;
}

/**
 * Starts one process: API, workers or both (`ROLE`). Without a database outside production it
 * attaches to the sandbox, whose settings stand in for every variable that is not set.
 */
export async function start(given: Environment): Promise<Started> {
  if (!livesInSandbox(given)) return serve(given);
  const { attachSandbox } = await import('./sandbox/attach.js');
  const { SandboxModule } = await import('./sandbox/sandbox.module.js');
  const sandbox = await attachSandbox();
  const own = withoutBlanks(given);
  const wanted = Number(own.PORT ?? 3005);
  const port = await freePort(wanted);
  if (port !== wanted) console.error(`Port ${wanted} is taken: using ${port}.`);
  const local = { HOST: '127.0.0.1', PUBLIC_BASE_URL: `http://127.0.0.1:${port}` };
  const env: Environment = { ...sandbox.env, ...local, ...own, PORT: String(port) };
  await migrate(env.DATABASE_URL ?? '');
  const started = await serve(env, [SandboxModule.register(sandbox)], () => sandbox.leave());
  await sandbox.register(started.url);
  return started;
}

/** Without a database, or with the environment that `npm run sandbox` wrote; never in production. */
function livesInSandbox({ NODE_ENV, DATABASE_URL, DB_HOST, SANDBOX_DIR }: Environment): boolean {
  if (NODE_ENV === 'production') return false;
  return Boolean(SANDBOX_DIR) || !(DATABASE_URL ?? DB_HOST);
}

async function serve(
  env: Environment,
  extra: Parameters<typeof createApplication>[1] = [],
  afterwards: () => Promise<void> = () => Promise.resolve(),
): Promise<Started> {
  const config = loadConfig(env);
  const app = await createApplication(config, extra);
  const shutdown = app.get(GracefulShutdown);
  shutdown.attach(app, afterwards);
  await app.listen(config.http.port, config.http.host);
  const metricsPort = await app.get(MetricsListener).start();
  const url = (await app.getUrl()).replace(/\/\/(\[::1?\]|0\.0\.0\.0)/, '//127.0.0.1');
  app.get(ServiceInfo).listensOn(Number(new URL(url).port));
  return {
    url,
    metricsUrl: metricsPort ? `http://${config.metrics.host}:${metricsPort}/metrics` : null,
    stop: async () => {
      await shutdown.stop(app);
      await afterwards();
    },
  };
}

function withoutBlanks(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** Is this file the program, rather than imported by one? */
function isProgram(): boolean {
  return import.meta.url === pathToFileURL(process.argv[1] ?? '').href;
}

if (isProgram()) {
  start(process.env).then(
    ({ url }) => {
      console.log(JSON.stringify({ level: 'info', msg: `listening on ${url}`, url }));
    },
    (error: unknown) => {
      console.error(error instanceof ConfigError ? error.message : error);
      process.exit(1);
    },
  );
}
