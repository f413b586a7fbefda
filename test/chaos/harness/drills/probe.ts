import { setTimeout as sleep } from 'node:timers/promises';

/** One question that a probe asked. */
export interface Sample {
  readonly at: number;
  readonly ms: number;
  readonly ok: boolean;
}

/** Asks the same again and again, one question at a time, and remembers how it went. */
export class Probe {
  readonly samples: Sample[] = [];
  private over = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly ask: () => Promise<boolean>,
    private readonly everyMs = 25,
  ) {}

  start(): this {
    this.running = this.run();
    return this;
  }

  async stop(): Promise<readonly Sample[]> {
    this.over = true;
    await this.running;
    return this.samples;
  }

  private async run(): Promise<void> {
    while (!this.over) {
      const at = Date.now();
      const from = performance.now();
      const ok = await this.ask().catch(() => false);
      this.samples.push({ at, ms: performance.now() - from, ok });
      await sleep(this.everyMs);
    }
  }
}

/** The smallest number that so many in a hundred samples do not exceed. */
export function percentile(samples: readonly Sample[], percent: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0);
}
