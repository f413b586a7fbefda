import { setTimeout as sleep } from 'node:timers/promises';
import { type AppProcess, startProcess } from '../../support/process.js';
import type { FrontDoor } from './front-door.js';
import { type ChaosPlan, type Death, type Slot, SLOTS } from './plan.js';

/** A failpoint that nobody has passed after so many deeds: the process is killed where it is. */
const DEEDS_TO_A_FAILPOINT = 60;

/** Longer than that nobody waits for deeds: there may be too few processes up to do any. */
const PATIENCE_MS = 10_000;

const LOOK_EVERY_MS = 5;

const REST_AFTER_FAILED_START_MS = 300;

/** Starts in a row that may fail, its database being away; then it is the application's fault. */
const FAILED_STARTS = 20;

type Environment = Readonly<Record<string, string>>;

export interface FleetOptions {
  readonly env: Environment;
  /** The compiled application. */
  readonly program: string;
  readonly door: FrontDoor;
  /** Deeds that have been answered so far. */
  readonly deedsDone: () => number;
  /** Called after each death. */
  readonly onDeath: (kills: number) => void;
  /** Called with everything that a process wrote, once it is gone. */
  readonly onLog: (slot: Slot, log: string) => void;
}

/** The application as a cluster runs it: in each slot a process, and another one when it dies. */
export class Fleet {
  kills = 0;
  /** How often a process died where it was meant to, by the failpoint's name. */
  readonly atFailpoints: Record<string, number> = {};
  failedStarts = 0;
  private readonly running = new Map<Slot, AppProcess>();
  private besides: Environment = {};

  constructor(private readonly options: FleetOptions) {}

  /** Lets every process die as planned; afterwards a healthy one runs in each slot. */
  async dieAsPlanned({ deaths }: Pick<ChaosPlan, 'deaths'>): Promise<void> {
    const slots = Object.keys(deaths) as Slot[];
    await Promise.all(slots.map((slot) => this.live(slot, deaths[slot] ?? [])));
  }

  /** Starts a healthy process in each slot, with `env` besides, and resolves when all are up. */
  async start(env: Environment = {}): Promise<void> {
    this.besides = env;
    await Promise.all(SLOTS.map((slot) => this.live(slot, [])));
  }

  /** Waits until somebody answers. */
  async isUp(): Promise<void> {
    while (![...this.running.keys()].some((slot) => isApi(slot))) await sleep(LOOK_EVERY_MS);
  }

  /** SIGTERM for all, as at a deployment. */
  async stop(): Promise<void> {
    await Promise.all([...this.running].map(([slot, app]) => this.end(slot, app, 'terminate')));
  }

  private async live(slot: Slot, deaths: readonly Death[]): Promise<void> {
    for (const death of deaths) {
      const failpoint = 'failpoint' in death ? death.failpoint : undefined;
      const app = await this.begin(slot, failpoint);
      // Dead before it listened: it came to its failpoint while it started.
      if (app !== 'dead') await this.die(slot, app, death);
      else if (failpoint !== undefined) this.count(failpoint);
      this.kills += 1;
      this.options.onDeath(this.kills);
    }
    while ((await this.begin(slot)) === 'dead');
  }

  /** A process that does not start, its database being away, is started again, as any cluster does. */
  private async begin(slot: Slot, failpoint?: string): Promise<AppProcess | 'dead'> {
    const { env, program, door } = this.options;
    const role = isApi(slot) ? 'api' : 'worker';
    const settings = { ...env, ...this.besides, ROLE: role, LOG_LEVEL: 'info' };
    const arming: Record<string, string> =
      failpoint === undefined ? {} : { FAILPOINT: `${failpoint}:kill` };
    for (let failed = 1; ; failed++) {
      try {
        const app = await startProcess({ env }, { ...settings, ...arming }, program);
        this.running.set(slot, app);
        if (isApi(slot)) door.add(app.url);
        return app;
      } catch (error) {
        this.options.onLog(slot, String(error));
        if (failpoint !== undefined && !/"level":"(error|fatal)"/.test(String(error)))
          return 'dead';
        this.failedStarts += 1;
        if (failed === FAILED_STARTS) throw error;
        await sleep(REST_AFTER_FAILED_START_MS);
      }
    }
  }

  private async die(slot: Slot, app: AppProcess, death: Death): Promise<void> {
    const deeds = 'failpoint' in death ? DEEDS_TO_A_FAILPOINT : death.afterDeeds;
    const end = new AbortController();
    void app.ended.then(() => end.abort());
    const { deedsDone } = this.options;
    const [enough, late] = [deedsDone() + deeds, Date.now() + PATIENCE_MS];
    while (!end.signal.aborted && deedsDone() < enough && Date.now() < late) {
      await sleep(LOOK_EVERY_MS);
    }
    if ('andMs' in death) await sleep(death.andMs);
    else if (end.signal.aborted) this.count(death.failpoint);
    await this.end(slot, app, 'kill');
  }

  private count(failpoint: string): void {
    this.atFailpoints[failpoint] = (this.atFailpoints[failpoint] ?? 0) + 1;
  }

  private async end(slot: Slot, app: AppProcess, how: 'kill' | 'terminate'): Promise<void> {
    this.options.door.remove(app.url);
    this.running.delete(slot);
    await app[how]();
    this.options.onLog(slot, app.logs());
  }
}

function isApi(slot: Slot): boolean {
  return slot.startsWith('api');
}
