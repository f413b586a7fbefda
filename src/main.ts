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
  if (given.NODE_ENV === 'production' || given.DATABASE_URL || given.DB_HOST) return serve(given);
  const { attachSandbox } = await import('./sandbox/attach.js');
  const { SandboxModule } = await import('./sandbox/sandbox.module.js');
  const sandbox = await attachSandbox();
  const port = String(await freePort(Number(given.PORT ?? 3005)));
  if (given.PORT !== undefined && given.PORT !== '0' && given.PORT !== port) {
    console.error(`Port ${given.PORT} is taken: using ${port}.`);
  } else if (given.PORT === undefined && port !== '3005') {
    console.error(`Port 3005 is taken: using ${port}.`);
  }
  const local = { PUBLIC_BASE_URL: `http://127.0.0.1:${port}`, HOST: '127.0.0.1' };
  const env: Environment = { ...local, ...sandbox.env, ...withoutBlanks(given), PORT: port };
  await migrate(env.DATABASE_URL ?? '');
  const started = await serve(env, [SandboxModule.register(sandbox)], () => sandbox.leave());
  await sandbox.register(started.url);
  return started;
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
