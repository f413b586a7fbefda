import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Injectable } from '@nestjs/common';

export const SERVICE_NAME = 'payment-service';

/** The nearest package.json above this file: two folders deeper in dist than in src. */
function packageVersion(directory: string): string {
  try {
    const text = readFileSync(path.join(directory, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch (error) {
    const parent = path.dirname(directory);
    if (parent === directory) throw error;
    return packageVersion(parent);
  }
}

/** The version in package.json. */
export const VERSION = packageVersion(import.meta.dirname);

/** Every feature that `/info` lists (Payment service spec, Service Info), before anyone declares it. */
const FEATURES = {
  stripe: false,
  paypal: false,
  square: false,
  webhooks: false,
  reconciliation: false,
  nftIntegration: false,
  notifications: false,
  fraudDetection: false,
  queueDashboard: null as string | null,
};

export type Features = typeof FEATURES;

/** What this process can do, as its modules declare it when they start: never more than is configured. */
@Injectable()
export class ServiceInfo {
  private declared: Features = FEATURES;
  private port: number | undefined;

  declare(features: Partial<Features>): void {
    this.declared = { ...this.declared, ...features };
  }

  /** The port that was really taken, when the configured one was 0 or in use. */
  listensOn(port: number): void {
    this.port = port;
  }

  /** The payment processors among the features; the first is the default one. */
  processors(): string[] {
    return (['stripe', 'paypal', 'square'] as const).filter((name) => this.declared[name]);
  }

  describe(configuredPort: number) {
    return {
      service: SERVICE_NAME,
      version: VERSION,
      port: this.port ?? configuredPort,
      processor: this.processors()[0] ?? null,
      features: this.declared,
      status: 'running',
    };
  }
}
