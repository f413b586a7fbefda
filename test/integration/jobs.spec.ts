import { Injectable } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { refuse, type Refusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  addJob,
  type Job,
  type JobHandler,
  type JobKind,
  jobsIn,
  provideJob,
  type WorkSource,
} from '../../src/kernel/jobs/index.js';
import { JobKinds } from '../../src/kernel/jobs/job-kinds.js';
import { JobRunner } from '../../src/kernel/jobs/job-runner.js';
import { openItem } from '../../src/kernel/open-items/index.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { workOf } from '../support/work.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';

const TENANT = newId();
const KNOCK: JobKind<{ readonly door: string }> = {
  kind: 'knock',
  queue: 'notifications',
  retry: [5, 60],
};

type Answer = readonly Statement[] | Refusal;

/** Does what the test says, and remembers every try. */
@Injectable()
class Knocker implements JobHandler<{ readonly door: string }> {
  readonly tries: Job<{ readonly door: string }>[] = [];
  next: (job: Job) => Answer | Promise<Answer> = () => [];

  async run(job: Job<{ readonly door: string }>): Promise<Answer> {
    this.tries.push(job);
    return this.next(job);
  }

  gaveUp(job: Job): readonly Statement[] {
    return [note(`gave up ${job.id}`)];
  }
}

let db: OpenDatabase;
let app: TestingModule;
let work: WorkSource;
let knocker: Knocker;

/** Something that a handler stores: an open item is the kernel's plainest row. */
const note = (subjectId: string): Statement =>
  openItem(TENANT, { kind: 'note', subjectType: 'test', subjectId, cause: 'the test' });
const notes = async () =>
  (await db.query(`SELECT subject_id FROM open_items WHERE kind = 'note'`)).map(
    (row) => row.subject_id,
  );
const jobs = () => db.query('SELECT * FROM jobs ORDER BY id');
const endPauses = () => db.query('UPDATE jobs SET next_attempt_at = now()');

async function add(
  door = 'front',
  kind: JobKind<{ readonly door: string }> = KNOCK,
): Promise<Uuid> {
  const id = newId();
  await db.database.transact(TENANT, [addJob(TENANT, kind, { id, payload: { door } })]);
  return id;
}

beforeAll(async () => {
  db = await openDatabase();
  app = await Test.createTestingModule({
    imports: [ground(db)],
    providers: [JobKinds, JobRunner, Knocker, provideJob(KNOCK, Knocker)],
  }).compile();
  await app.init();
  work = workOf(app, jobsIn('notifications'));
  knocker = app.get(Knocker);
});

beforeEach(async () => {
  knocker.tries.length = 0;
  knocker.next = () => [];
  await db.query('TRUNCATE jobs, open_items');
});

afterAll(async () => {
  await app.close();
  await db.close();
});

describe('a job', () => {
  it('is done once, with what its handler stores', async () => {
    knocker.next = (job) => [note(`did ${job.id}`)];
    const id = await add('back');
    expect(await work.pass()).toBe(1);
    expect(await work.pass()).toBe(0);
    expect(knocker.tries).toMatchObject([{ id, attempts: 0, payload: { door: 'back' } }]);
    expect(await jobs()).toMatchObject([{ status: 'done', lease_until: null }]);
    expect(await notes()).toEqual([`did ${id}`]);
  });

  it('that the tenant has already changes nothing', async () => {
    const id = await add();
    await db.database.transact(TENANT, [addJob(TENANT, KNOCK, { id, payload: { door: 'other' } })]);
    await work.pass();
    expect(knocker.tries.map(({ payload }) => payload.door)).toEqual(['front']);
  });

  it('is left alone by the other queues', async () => {
    await add();
    expect(await workOf(app, jobsIn('webhook-processing')).pass()).toBe(0);
  });

  it('waits for its time', async () => {
    const later = { id: newId(), payload: { door: 'front' }, delaySeconds: 60 };
    await db.database.transact(TENANT, [addJob(TENANT, KNOCK, later)]);
    expect(await work.pass()).toBe(0);
    expect(await work.counts()).toEqual({ waiting: 0, active: 0, delayed: 1, failed: 0 });
    await endPauses();
    expect(await work.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    expect(await work.pass()).toBe(1);
  });

  it('that fails comes again after its pauses, then needs a human', async () => {
    knocker.next = () => refuse('CONFLICT', 'not now');
    const id = await add();
    for (const pause of [5, 60]) {
      await work.pass();
      const [row] = await db.query(
        `SELECT status, last_error,
          extract(epoch FROM next_attempt_at - now())::integer AS pause FROM jobs`,
      );
      expect(row).toMatchObject({ status: 'pending', last_error: 'CONFLICT: not now' });
      expect(row?.pause).toBeGreaterThan(pause - 5);
      expect(row?.pause).toBeLessThanOrEqual(pause);
      expect(await work.pass()).toBe(0);
      await endPauses();
    }
    await work.pass();
    expect(knocker.tries.map(({ attempts }) => attempts)).toEqual([0, 1, 2]);
    expect(await jobs()).toMatchObject([{ status: 'failed', attempts: 3 }]);
    expect(await notes()).toEqual([`gave up ${id}`]);
    const items = await db.query(`SELECT * FROM open_items WHERE kind = 'job_failed'`);
    expect(items).toMatchObject([{ subject_id: id, cause: 'CONFLICT: not now' }]);
  });

  it('does not fail because what it needs is away', async () => {
    knocker.next = () => refuse('SERVICE_UNAVAILABLE', 'away');
    await add();
    for (let pass = 1; pass <= 5; pass++) {
      await work.pass();
      await endPauses();
    }
    expect(await jobs()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });

  it('of a kind that this release does not know waits for one that does', async () => {
    await add('front', { ...KNOCK, kind: 'ring' });
    for (let pass = 1; pass <= 5; pass++) {
      await work.pass();
      await endPauses();
    }
    expect(await jobs()).toMatchObject([
      { status: 'pending', attempts: 0, last_error: expect.stringContaining('nobody does jobs') },
    ]);
  });

  it('whose statements are refused stores nothing and comes again', async () => {
    knocker.next = () => [note('half'), sql`SELECT guard(${false}, ${'a rule of the handler'})`];
    await add();
    await work.pass();
    expect(await notes()).toEqual([]);
    expect(await jobs()).toMatchObject([{ status: 'pending', attempts: 1 }]);
  });
});

/** A wait that ends when the test says so. */
function stall() {
  let wake: () => void = () => undefined;
  const stalled = new Promise<void>((resolve) => (wake = resolve));
  return {
    stalled,
    wake: () => {
      wake();
    },
  };
}

describe('row 25: two workers have the same job', () => {
  it('the late one changes nothing, whatever it had in mind', async () => {
    const id = await add();
    const { stalled, wake } = stall();
    knocker.next = async (job) => {
      if (knocker.tries.length === 1) await stalled;
      return [note(`${knocker.tries.length} did ${job.id}`)];
    };
    const late = work.pass();
    while (knocker.tries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await db.query(`UPDATE jobs SET lease_until = now() - interval '1 second'`);
    expect(await work.pass()).toBe(1);
    wake();
    await late;
    expect(knocker.tries).toHaveLength(2);
    expect(await notes()).toEqual([`2 did ${id}`]);
    expect(await jobs()).toMatchObject([{ status: 'done', attempts: 0 }]);
  });

  it('the late one’s failure does not put the job back', async () => {
    await add();
    const { stalled, wake } = stall();
    knocker.next = async () => {
      if (knocker.tries.length > 1) return [];
      await stalled;
      return refuse('CONFLICT', 'too late');
    };
    const late = work.pass();
    while (knocker.tries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await db.query(`UPDATE jobs SET lease_until = now() - interval '1 second'`);
    await work.pass();
    wake();
    await late;
    expect(await jobs()).toMatchObject([{ status: 'done', attempts: 0, last_error: null }]);
  });

  it('one claim finds the row, the other nothing', async () => {
    const id = await add();
    const ref = { tenantId: TENANT, id, attempts: 0 };
    expect(await work.due(10)).toEqual([ref]);
    await Promise.all([work.take(ref), work.take(ref), work.pass()]);
    expect(knocker.tries).toHaveLength(1);
    expect(await work.due(10)).toEqual([]);
  });
});

describe('row 26: poison among the jobs', () => {
  it('keeps none of its neighbours from being done', async () => {
    knocker.next = ({ payload }) => {
      if (payload.door === 'poison') throw new Error('poison');
      return [];
    };
    for (let n = 1; n <= 100; n++) await add(n % 10 === 0 ? 'poison' : `door ${n}`);
    while ((await work.pass()) > 0);
    const [row] = await db.query(`SELECT count(*) FILTER (WHERE status = 'done')::integer AS done,
      count(*) FILTER (WHERE attempts = 1)::integer AS sick FROM jobs`);
    expect(row).toEqual({ done: 90, sick: 10 });
  });
});
