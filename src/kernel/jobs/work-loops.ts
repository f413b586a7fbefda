import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from './periodic.js';
import { WorkPool } from './work-pool.js';
import { type WorkSource, WorkSources } from './work-source.js';

const EVERY_MS = 1_000;

/** Rows given to the pool in one pass. */
const HANDFUL = 200;

/** Due for so long, a row was forgotten by the pool: the process that finds it does it itself. */
const FORGOTTEN_AFTER_SECONDS = 10;

/** Looks for due work, source by source, for ever: whatever else runs, this alone suffices. */
@Injectable()
export class WorkLoops implements OnApplicationBootstrap {
  constructor(
    private readonly sources: WorkSources,
    private readonly pool: WorkPool,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.passOn((name) => {
      this.pool.wake(name);
    });
    for (const source of this.sources.all()) {
      this.tasks.add(new Periodic(source.name, EVERY_MS, () => this.run(source)));
    }
  }

  private async run(source: WorkSource): Promise<void> {
    const given = await this.give(source);
    const worked = await source.pass(given ? FORGOTTEN_AFTER_SECONDS : 0);
    if (worked === source.atOnce) this.tasks.nudge(source.name);
  }

  private async give(source: WorkSource): Promise<boolean> {
    if (source.servesItself || !this.pool.shares) return false;
    const due = await source.due(HANDFUL);
    return due.length === 0 || this.pool.give(source, due);
  }
}
