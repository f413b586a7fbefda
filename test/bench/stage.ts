import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/kernel/postgres/migrate.js';
import { ensureDatabase, startPostgres } from '../../src/sandbox/postgres/index.js';
import { Application } from './application.js';
import { Books, differences, growth, type Sizes } from './books.js';
import type { Shopped, Shopping } from './buyers.js';
import type { CeilingQuestion, Written } from './ceiling.js';
import { Child } from './child.js';
import type { EmulatorsQuestion, Opening } from './emulators.js';
import { purchasesIn, replayable } from './replay.js';

export const CLIENTS = 16;
const VENUES = 100;
const BUYERS = 200;
const RECORDED = 200;

export interface StageOptions {
  readonly hotVenues: number;
  readonly profile: string | undefined;
}

/** Everything that is measured, warmed up, with both sides proven to write the same. */
export interface Stage {
  readonly databasePid: number;
  readonly application: Application;
  readonly books: Books;
  readonly opening: Opening;
  readonly emulators: Child<EmulatorsQuestion, unknown>;
  readonly buyers: Child<Shopping, Shopped>;
  readonly ceiling: Child<CeilingQuestion, Written | null>;
  /** What a purchase adds, by table, through the application and through the ceiling. */
  readonly written: { readonly application: Sizes; readonly ceiling: Sizes };
}

/** Runs `play` on a stage in a temporary folder and takes everything down again, come what may. */
export async function onStage<T>(
  { hotVenues, profile }: StageOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const undo: (() => unknown)[] = [];
  const mine = <R>(resource: R, end: (resource: R) => unknown): R => {
    undo.push(() => end(resource));
    return resource;
  };
  try {
    const home = mine(mkdtempSync(path.join(os.tmpdir(), 'tickettoken-bench-')), (folder) => {
      rmSync(folder, { recursive: true, force: true });
    });
    // PostgreSQL may run as another user, who must be able to enter.
    chmodSync(home, 0o711);
    // Not ephemeral: fsync and full-page writes are on, as in production.
    const server = await startPostgres({ dataDir: path.join(home, 'postgres') });
    undo.push(() => server.stop());
    const databaseUrl = server.url('bench');
    await ensureDatabase(databaseUrl);
    await migrate(databaseUrl);
    const books = mine(await Books.open(databaseUrl), (open) => open.close());
    const emulators = child<EmulatorsQuestion, unknown>('emulators');
    const buyers = child<Shopping, Shopped>('buyers');
    const ceiling = child<CeilingQuestion, Written | null>('ceiling');
    const open = { databaseUrl, venues: VENUES, hotVenues, buyers: BUYERS };
    const opening = (await emulators.ask({ open })) as Opening;
    const env = {
      ...opening.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      TRUSTED_PROXIES: '127.0.0.1',
      DATABASE_POOL_SIZE: String(CLIENTS),
    };

    const recorded = await record(home, env, { books, buyers, opening });
    const kept = new Set([
      opening.tenantId,
      ...opening.buyers.map(({ userId }) => userId),
      ...opening.venues.flatMap((each) => [each.venueId, each.eventId, each.ticketTypeId]),
    ]);
    const purchases = recorded.purchases.map((each) => replayable(each, kept, Date.now()));
    await ceiling.ask({ open: { databaseUrl, connections: CLIENTS, purchases } });
    const before = await books.sizes();
    await ceiling.ask({ run: { connections: 1, count: RECORDED } });

    const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`] : [];
    const application = mine(
      await Application.start(env, path.join(home, 'application.log'), profiling),
      (running) => running.stop(),
    );
    // The relay marks what the ceiling published: now both sides have been through everything.
    await books.drained();
    const written = {
      application: recorded.sizes,
      ceiling: growth(before, await books.sizes(), RECORDED),
    };
    const unlike = differences(written.application, written.ceiling);
    if (unlike.length > 0) {
      throw new Error(
        `the ceiling writes other rows: ${unlike.join(', ')} ${JSON.stringify(written)}`,
      );
    }
    const { venues: targets, buyers: people } = opening;
    const shopping = { url: application.url, clients: CLIENTS, targets, buyers: people };
    await buyers.ask({ ...shopping, seconds: 3 });
    await books.drained();
    await books.checkpoint();
    return await play({
      databasePid: server.pid,
      application,
      books,
      opening,
      emulators,
      buyers,
      ceiling,
      written,
    });
  } finally {
    for (const end of undo.reverse()) await end();
  }

  function child<Q, A>(name: string): Child<Q, A> {
    return mine(Child.start<Q, A>(name), (running) => running.stop());
  }
}

/** Buys through an application that writes down its transactions; answers what they added, too. */
async function record(
  home: string,
  env: Readonly<Record<string, string>>,
  { books, buyers, opening }: Pick<Stage, 'books' | 'buyers' | 'opening'>,
) {
  const file = path.join(home, 'recording');
  const hook = fileURLToPath(new URL('record-statements.js', import.meta.url));
  const application = await Application.start(
    { ...env, BENCH_RECORD: file },
    path.join(home, 'recorded.log'),
    ['--import', hook],
  );
  try {
    const { url } = application;
    const { venues: targets, buyers: people } = opening;
    const shopping = { url, clients: 1, targets, buyers: people };
    // The first sale of a venue opens its account.
    await buyers.ask({ ...shopping, count: VENUES });
    await books.drained();
    const before = await books.sizes();
    await buyers.ask({ ...shopping, count: RECORDED });
    await books.drained();
    const sizes = growth(before, await books.sizes(), RECORDED);
    const purchases = purchasesIn(readFileSync(file, 'utf8')).slice(-RECORDED);
    return { sizes, purchases };
  } finally {
    await application.stop();
  }
}
