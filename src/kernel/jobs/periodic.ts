import { AsyncResource } from 'node:async_hooks';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

/** Whether this process does background work; an `api` process only answers requests. */
export const RUNS_BACKGROUND_WORK = Symbol('RUNS_BACKGROUND_WORK');

/** Something done again and again, never twice at once in a process. */
export class Periodic {
  constructor(
    readonly name: string,
    readonly everyMs: number,
    readonly run: () => Promise<unknown>,
  ) {}
}

/**
 * Runs background loops one pass at a time: the next pass is due `everyMs` after the last one
 * ended, at once when `nudge` was called meanwhile. A pass that throws is logged and tried again.
 * At shutdown running passes are awaited and none begins.
 */
@Injectable()
export class PeriodicTasks implements OnApplicationShutdown {
  private readonly log = new Logger(PeriodicTasks.name);
  private readonly loops = new Map<string, Loop>();
  private elsewhere: (name: string) => void = () => undefined;

  constructor(@Inject(RUNS_BACKGROUND_WORK) private readonly enabled: boolean) {}

  add(task: Periodic): void {
    if (!this.enabled) return;
    this.loops.set(task.name, new Loop(task, this.log));
  }

  /** Makes a task's next pass due now: there is known work. */
  nudge(name: string): void {
    if (this.enabled) this.loops.get(name)?.nudge();
    else this.elsewhere(name);
  }

  /** Whom to tell of nudges in a process that does no background work. */
  passOn(elsewhere: (name: string) => void): void {
    this.elsewhere = elsewhere;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }
}

class Loop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  /** Outside of the request that nudged: what a pass does is nobody's in particular. */
  private readonly begin = AsyncResource.bind(() => {
    this.running = this.pass();
  });

  constructor(
    private readonly task: Periodic,
    private readonly log: Logger,
  ) {
    this.schedule(task.everyMs);
  }

  nudge(): void {
    if (this.running) this.again = true;
    else this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Nudged while the pass ran, behind the type checker's back. */
  private isNudged(): boolean {
    return this.again;
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.begin, delay);
  }

  private async pass(): Promise<void> {
    this.again = false;
    try {
      await this.task.run();
    } catch (error) {
      this.log.error(`${this.task.name} failed and will be tried again: ${String(error)}`);
    }
    this.running = undefined;
    this.schedule(this.isNudged() ? 0 : this.task.everyMs);
  }
}
