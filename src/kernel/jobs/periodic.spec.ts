import { Logger } from '@nestjs/common';
import { Periodic, PeriodicTasks } from './periodic.js';

const EVERY = 1_000;

/** A task whose passes end when the test says so. */
class Passes {
  begun = 0;
  private readonly ends: (() => void)[] = [];

  readonly task = new Periodic('sweep', EVERY, () => {
    this.begun += 1;
    return new Promise<void>((resolve) => this.ends.push(resolve));
  });

  async end(): Promise<void> {
    this.ends.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
  }
}

let tasks: PeriodicTasks;
let passes: Passes;
let logged: jest.SpyInstance;
const later = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  jest.useFakeTimers();
  logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  tasks = new PeriodicTasks(true);
  passes = new Passes();
  tasks.add(passes.task);
});

afterEach(async () => {
  const stopped = tasks.onApplicationShutdown();
  await passes.end();
  await stopped;
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('a periodic task', () => {
  it('begins its first pass when its time has come, the next one that long after the last ended', async () => {
    await later(EVERY - 1);
    expect(passes.begun).toBe(0);
    await later(1);
    expect(passes.begun).toBe(1);
    await later(10 * EVERY);
    expect(passes.begun).toBe(1);
    await passes.end();
    await later(EVERY - 1);
    expect(passes.begun).toBe(1);
    await later(1);
    expect(passes.begun).toBe(2);
  });

  it('begins at once when it is nudged, however often, and only once', async () => {
    tasks.nudge('sweep');
    tasks.nudge('sweep');
    await later(0);
    expect(passes.begun).toBe(1);
    await later(0);
    expect(passes.begun).toBe(1);
  });

  it('nudged during a pass begins another right after it, never beside it', async () => {
    await later(EVERY);
    tasks.nudge('sweep');
    await later(EVERY);
    expect(passes.begun).toBe(1);
    await passes.end();
    await later(0);
    expect(passes.begun).toBe(2);
    await passes.end();
    await later(EVERY - 1);
    expect(passes.begun).toBe(2);
  });

  it('goes on after a pass that threw, and says so', async () => {
    let tries = 0;
    const sick = new Periodic('sick', EVERY, () => {
      tries += 1;
      return Promise.reject(new Error('no luck'));
    });
    tasks.add(sick);
    await later(3 * EVERY);
    expect(tries).toBe(3);
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('no luck'));
  });

  it('nudging what is not there does nothing', () => {
    expect(() => {
      tasks.nudge('unheard of');
    }).not.toThrow();
  });
});

describe('shutdown', () => {
  it('awaits the running pass and begins no other', async () => {
    await later(EVERY);
    tasks.nudge('sweep');
    let over = false;
    const stopped = tasks.onApplicationShutdown().then(() => (over = true));
    await later(5 * EVERY);
    expect(over).toBe(false);
    await passes.end();
    await stopped;
    await later(5 * EVERY);
    expect(passes.begun).toBe(1);
  });

  it('takes back a pass that was due', async () => {
    await tasks.onApplicationShutdown();
    tasks.nudge('sweep');
    await later(5 * EVERY);
    expect(passes.begun).toBe(0);
  });
});

describe('a process that only answers requests', () => {
  it('does no background work', async () => {
    const idle = new PeriodicTasks(false);
    const other = new Passes();
    idle.add(other.task);
    idle.nudge('sweep');
    await later(5 * EVERY);
    expect(other.begun).toBe(0);
    await idle.onApplicationShutdown();
  });
});
