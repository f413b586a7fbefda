import { createServer, type Server } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { registry } from './metrics.js';

/**
 * Serves `/metrics`, and nothing else, without a token on an address that only the inside reaches
 * (`METRICS_HOST`, loopback by default). Outside production a port in use is replaced by a free one.
 */
@Injectable()
export class MetricsListener implements OnApplicationShutdown {
  private readonly log = new Logger('Metrics');
  private server: Server | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Starts listening; answers the port, or undefined when metrics are switched off. */
  async start(): Promise<number | undefined> {
    const { enabled, host, port } = this.config.metrics;
    if (!enabled) return undefined;
    const taken = await this.listen(host, port).catch((error: unknown) => {
      if (this.config.env === 'production' || !isInUse(error)) throw error;
      this.log.warn(`port ${port} is in use, taking a free one for metrics`);
      return this.listen(host, 0);
    });
    this.log.log(`metrics at http://${host}:${taken}/metrics`);
    return taken;
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private listen(host: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      if (request.url !== '/metrics' || request.method !== 'GET') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        (error: unknown) => {
          this.log.error(error);
          response.writeHead(500).end();
        },
      );
    });
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
