import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../src/application.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { startTestWorld, type TestWorld } from './world.js';

/** The application in this process, listening on a free port, in a world of its own. */
export interface RunningApp {
  readonly app: NestFastifyApplication;
  readonly world: TestWorld;
  readonly url: string;
  close(): Promise<void>;
}

const QUIET = {
  NODE_ENV: 'test',
  LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
  HOST: '127.0.0.1',
  METRICS_PORT: '0',
  PUBLIC_BASE_URL: 'http://127.0.0.1:3005',
};

type Settings = Readonly<Record<string, string>>;

/** `settings` override the world's own; a function gets the world first. */
export async function startApp(
  settings: Settings | ((world: TestWorld) => Settings) = {},
): Promise<RunningApp> {
  const world = await startTestWorld();
  const own = typeof settings === 'function' ? settings(world) : settings;
  const app = await createApplication(loadConfig({ ...world.env, ...QUIET, ...own }));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  world.setAppUrl(url);
  return {
    app,
    world,
    url,
    close: async () => {
      // A request that ended while the server was closing would keep its connection for a minute.
      const server = app.getHttpServer();
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      await app.close().finally(() => clearInterval(sweep));
      await world.close();
    },
  };
}
