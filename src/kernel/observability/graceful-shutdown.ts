import { Server as NetServer } from 'node:net';
import type { Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplication, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Draining } from './health/draining.js';

const GRACE_MS = 1_000;
const SWEEP_MS = 50;

/**
 * Ends the process without failing an accepted request. On SIGTERM or SIGINT readiness answers 503
 * and no connection is accepted; requests under way are answered, and every answer tells its client
 * to leave. Idle keep-alive connections stay for a second, because a request may already be on its
 * way. Only then do the modules stop. `SHUTDOWN_TIMEOUT_MS` bounds it all.
 */
@Injectable()
export class GracefulShutdown {
  private readonly log = new Logger('Shutdown');
  private stopping: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly draining: Draining,
  ) {}

  /**
   * Owns the signals from now on: don't enable Nest's shutdown hooks beside it. `afterwards` runs
   * when everything else has ended.
   */
  attach(app: INestApplication, afterwards: () => Promise<void> = () => Promise.resolve()): void {
    const stop = (signal: string) => {
      this.log.log(`${signal}: finishing accepted requests`);
      void this.stop(app)
        .then(afterwards)
        .then(
          () => process.exit(0),
          (error: unknown) => {
            this.log.error(error);
            process.exit(1);
          },
        );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  }

  /** Drains and closes, once; rejects when the time is up with work unfinished. */
  stop(app: INestApplication): Promise<void> {
    this.stopping ??= withinTime(this.config.shutdown.timeoutMs, this.run(app));
    return this.stopping;
  }

  private async run(app: INestApplication): Promise<void> {
    this.draining.begin();
    await drain(app.getHttpServer() as Server);
    await app.close();
  }
}

/** Resolves when the last connection has gone. */
async function drain(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  // http.Server.close() would cut idle connections at once, under requests that are on their way.
  NetServer.prototype.close.call(server);
  await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await closed.finally(() => clearInterval(sweep));
}

async function withinTime(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not finished after ${milliseconds} ms`)),
      milliseconds,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
