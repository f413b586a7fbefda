import { PeriodicTasks } from './periodic.js';
import { WorkLoops } from './work-loops.js';
import { WorkPool } from './work-pool.js';
import { type WorkSource, WorkSources } from './work-source.js';

class Pool extends WorkPool {
  readonly shares = true;
  readonly isUp = true;
  readonly given: string[] = [];

  give({ name }: WorkSource): Promise<boolean> {
    this.given.push(name);
    return Promise.resolve(true);
  }

  wake(): void {
    throw new Error('this process does its work itself');
  }
}

let tasks: PeriodicTasks;
let pool: Pool;
let sources: WorkSources;
const passes = new Map<string, number | undefined>();

const source = (name: string): WorkSource => ({
  name,
  queue: 'notifications',
  atOnce: 1,
  pass: (overdueSeconds) => {
    passes.set(name, overdueSeconds);
    return Promise.resolve(0);
  },
  due: () => Promise.resolve([{ tenantId: name, id: name, attempts: 0 }]),
  take: () => Promise.resolve(),
  counts: () => Promise.resolve({ waiting: 1, active: 0, delayed: 0, failed: 0 }),
});

beforeEach(() => {
  jest.useFakeTimers();
  passes.clear();
  tasks = new PeriodicTasks(true);
  pool = new Pool();
  sources = new WorkSources();
});

afterEach(async () => {
  await tasks.onApplicationShutdown();
  jest.useRealTimers();
});

describe('with a pool', () => {
  it('it gets the due rows, and a process does itself only what was forgotten there', async () => {
    sources.add(source('shared'));
    new WorkLoops(sources, pool, tasks).onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pool.given).toEqual(['shared']);
    expect(passes.get('shared')).toBe(10);
  });

  it('a source that serves itself gives it nothing and does at once what is due', async () => {
    sources.add({ ...source('own'), servesItself: true });
    new WorkLoops(sources, pool, tasks).onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pool.given).toEqual([]);
    expect(passes.get('own')).toBe(0);
  });
});
