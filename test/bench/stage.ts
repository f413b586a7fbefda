import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/kernel/postgres/migrate.js';
import {
  ensureDatabase,
  type PostgresServer,
  startPostgres,
} from '../../src/sandbox/postgres/index.js';
import { Application } from './application.js';
import { Belongings } from '../support/belongings.js';
import { Books, differences, growth, type Sizes } from './books.js';
import type { Shopped, Shopping } from './buyers.js';
import type { CeilingQuestion, Written } from './ceiling.js';
import { Child } from './child.js';
import type { EmulatorsQuestion, Opening } from './emulators.js';
import { purchasesIn, type RecordedPurchase, replayable } from './replay.js';

export const CLIENTS = 16;
const VENUES = 100;
/**
 * So many that hardly anybody buys at the same event twice: each first time opens counters. As many
 * more, who never bought, are the ceiling's.
 */
const BUYERS = 200;
const RECORDED = 200;
const WARM_UP = { count: 2_000, seconds: 12 };

/** Everything around what is measured. */
interface World {
  readonly home: string;
  readonly server: PostgresServer;
  readonly books: Books;
  readonly opening: Opening;
  readonly emulators: Child<EmulatorsQuestion, unknown>;
  readonly buyers: Child<Shopping, Shopped>;
  /** The application's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a purchase adds, by table, through the application and through the ceiling. */
export interface WrittenByBoth {
  readonly application: Sizes;
  readonly ceiling: Sizes;
}

/** The application and its ceiling, warmed up, proven to write the same. */
export interface Stage extends World {
  /** What `play` starts and leaves to be ended with the stage. */
  readonly belongings: Belongings;
  readonly application: Application;
  readonly ceiling: Child<CeilingQuestion, Written | null>;
  readonly written: WrittenByBoth;
}

export interface StageOptions {
  readonly hotVenues: number;
  /** Folder for a CPU profile of the application. */
  readonly profile: string | undefined;
}

/** Runs `play` on a stage in a temporary folder and takes everything down again, come what may. */
export function onStage<T>(
  { hotVenues, profile }: StageOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const belongings = new Belongings();
  return belongings.during(async () => {
    const world = await buildWorld(belongings, hotVenues);
    const recorded = await record(world);
    const ceiling = await belongings.add(
      Child.start<CeilingQuestion, Written | null>('ceiling'),
      (child) => child.stop(),
    );
    const before = await world.books.sizes();
    await openCeiling(ceiling, world, recorded.purchases);
    const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`] : [];
    const log = path.join(world.home, 'application.log');
    const application = await belongings.add(Application.start(world.env, log, profiling), (app) =>
      app.stop(),
    );
    // The relay has marked what the ceiling published: now both sides have been through all of it.
    await world.books.drained();
    const after = await world.books.sizes();
    const written = { application: recorded.sizes, ceiling: growth(before, after, RECORDED) };
    refuseUnlike(written);
    const stage: Stage = { ...world, belongings, application, ceiling, written };
    return application.explain(async () => {
      await stage.buyers.ask({ ...shopping(stage, application.url, CLIENTS), ...WARM_UP });
      await stage.books.drained();
      await stage.books.checkpoint();
      return play(stage);
    });
  });
}

async function buildWorld(belongings: Belongings, hotVenues: number): Promise<World> {
  const home = await belongings.add(
    mkdtempSync(path.join(os.tmpdir(), 'tickettoken-bench-')),
    (folder) => {
      rmSync(folder, { recursive: true, force: true });
    },
  );
  // PostgreSQL may run as another user, who must be able to enter.
  chmodSync(home, 0o711);
  // Not ephemeral: fsync and full-page writes are on, as in production.
  const server = await belongings.add(
    startPostgres({ dataDir: path.join(home, 'postgres') }),
    (running) => running.stop(),
  );
  const databaseUrl = server.url('bench');
  await ensureDatabase(databaseUrl);
  await migrate(databaseUrl);
  const books = await belongings.add(Books.open(databaseUrl), (open) => open.close());
  const child = <Q, A>(name: string) =>
    belongings.add(Child.start<Q, A>(name), (running) => running.stop());
  const emulators = await child<EmulatorsQuestion, unknown>('emulators');
  const open = { databaseUrl, venues: VENUES, hotVenues, buyers: 2 * BUYERS };
  const opening = (await emulators.ask({ open })) as Opening;
  return {
    home,
    server,
    books,
    opening,
    emulators,
    buyers: await child<Shopping, Shopped>('buyers'),
    env: {
      ...opening.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      TRUSTED_PROXIES: '127.0.0.1',
      DATABASE_POOL_SIZE: String(CLIENTS),
    },
  };
}

/** Buys through an application that writes down its transactions; answers what they added, too. */
async function record(
  world: World,
): Promise<{ readonly sizes: Sizes; readonly purchases: readonly RecordedPurchase[] }> {
  const { books, buyers, home } = world;
  const file = path.join(home, 'recording');
  const hook = fileURLToPath(new URL('record-statements.js', import.meta.url));
  const env = { ...world.env, BENCH_RECORD: file };
  const log = path.join(home, 'recorded.log');
  const application = await Application.start(env, log, ['--import', hook]);
  try {
    return await application.explain(async () => {
      const alone = shopping(world, application.url, 1);
      // The first sale of a venue opens its account.
      await buyers.ask({ ...alone, count: VENUES });
      await books.drained();
      const before = await books.sizes();
      await buyers.ask({ ...alone, count: RECORDED });
      await books.drained();
      const sizes = growth(before, await books.sizes(), RECORDED);
      return { sizes, purchases: purchasesIn(readFileSync(file, 'utf8')).slice(-RECORDED) };
    });
  } finally {
    await application.stop();
  }
}

/** Opens the ceiling's connections and lets it write every recorded purchase once. */
async function openCeiling(
  ceiling: Stage['ceiling'],
  { opening, server }: World,
  recorded: readonly RecordedPurchase[],
): Promise<void> {
  const kept = new Set([
    opening.tenantId,
    ...opening.venues.flatMap((each) => [each.venueId, each.eventId, each.ticketTypeId]),
  ]);
  const everybody = opening.buyers.map(({ userId }) => userId);
  const buyers = everybody.slice(BUYERS);
  const common = { kept, buyers: new Set(everybody) };
  const purchases = recorded.map((each) => replayable(each, common, Date.now()));
  const databaseUrl = server.url('bench');
  await ceiling.ask({ open: { databaseUrl, connections: CLIENTS, purchases, buyers } });
  await ceiling.ask({ run: { connections: 1, count: RECORDED } });
}

function refuseUnlike(written: WrittenByBoth): void {
  const unlike = differences(written.application, written.ceiling);
  if (unlike.length === 0) return;
  throw new Error(`the ceiling writes other rows: ${unlike.join()} ${JSON.stringify(written)}`);
}

/** Who buys through the application. */
export function shoppersOf({ buyers }: Opening): Opening['buyers'] {
  return buyers.slice(0, BUYERS);
}

function shopping({ opening }: World, url: string, clients: number): Shopping {
  return { url, clients, targets: opening.venues, buyers: shoppersOf(opening) };
}
