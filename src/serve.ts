import { createApplication } from './application.js';
import { loadConfig } from './kernel/config/index.js';
import {
  GracefulShutdown,
  MetricsListener,
  ServiceInfo,
  stopTracing,
} from './kernel/observability/index.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A started process: where it answers, and how to end it in good order. */
export interface Started {
  readonly url: string;
  readonly metricsUrl: string | null;
  stop(): Promise<void>;
}

/**
 * Serves with the configuration that `env` states, until SIGTERM or `stop`; `extra` modules are
 * the sandbox's, `afterwards` runs when everything else has ended. Throws `ConfigError`.
 */
export async function serve(
  env: Environment,
  extra: Parameters<typeof createApplication>[1] = [],
  afterwards: () => Promise<void> = () => Promise.resolve(),
): Promise<Started> {
  const config = loadConfig(env);
  const app = await createApplication(config, extra);
  const shutdown = app.get(GracefulShutdown);
  const atTheEnd = () => afterwards().finally(stopTracing);
  shutdown.attach(app, atTheEnd);
  await app.listen(config.http.port, config.http.host);
  const metricsPort = await app.get(MetricsListener).start();
  const url = (await app.getUrl()).replace(/\/\/(\[::1?\]|0\.0\.0\.0)/, '//127.0.0.1');
  app.get(ServiceInfo).listensOn(Number(new URL(url).port));
  return {
    url,
    metricsUrl: metricsPort ? `http://${config.metrics.host}:${metricsPort}/metrics` : null,
    stop: async () => {
      await shutdown.stop(app);
      await atTheEnd();
    },
  };
}
