import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../../src/kernel/postgres/migrate.js';
import {
  ensureDatabase,
  type PostgresServer,
  startPostgres,
} from '../../../src/sandbox/postgres/index.js';
import type { Belongings } from '../../support/belongings.js';
import type { TestChains } from '../../support/chains.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { type TestWorld, worldOn } from '../../support/world.js';
import { FrontDoor } from './front-door.js';
import type { Troubled } from './incidents.js';
import type { Listener } from './listener.js';
import { type Server, type Slot, withChains } from './plan.js';
import { placeChains, placeRabbit, placeRedis } from './servers.js';

/** Everything around the fleet. */
export interface Stage {
  readonly world: TestWorld;
  readonly door: FrontDoor;
  /** The application's environment: every server behind its proxy. */
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: {
    readonly proxy: TcpProxy;
    /** Ends it without a checkpoint, and resolves when it accepts connections again. */
    restart(): Promise<void>;
  };
  /** Every server that can be troubled, by name. */
  readonly servers: Readonly<Partial<Record<Server, Troubled>>>;
  /** Somebody else's queue for all events, where there is a broker. */
  readonly listener: Listener | undefined;
  /** What tickets become tokens on, where there is anything. */
  readonly chains: TestChains | undefined;
  readonly logFolder: string;
  readonly log: (slot: Slot, text: string) => void;
}

/** What of a stage may be otherwise. */
export interface StageWish {
  /** Where PostgreSQL keeps its data; in the machine's temporary folder unless told. */
  readonly volume?: string;
  /** PostgreSQL alone unless told. */
  readonly servers?: readonly Server[];
}

/** A PostgreSQL as in production (fsync on), emulators, and a proxy before each server. */
export async function buildStage(belongings: Belongings, wish: StageWish = {}): Promise<Stage> {
  const home = await belongings.add(
    mkdtempSync(path.join(os.tmpdir(), 'tickettoken-chaos-')),
    (folder) => {
      rmSync(folder, { recursive: true, force: true });
    },
  );
  // PostgreSQL may run as another user, who must be able to enter.
  chmodSync(home, 0o711);
  const start = (port?: number) =>
    startPostgres({ dataDir: path.join(wish.volume ?? home, 'postgres'), port });
  let server: PostgresServer = await belongings.add(start(), () => server.stop());
  const url = server.url('chaos');
  await ensureDatabase(url);
  await migrate(url);
  const world = await belongings.add(worldOn({ url, drop: () => Promise.resolve() }), (made) =>
    made.close(),
  );
  const door = await belongings.add(FrontDoor.start(), (open) => open.close());
  const proxy = await belongings.add(TcpProxy.start(url), (open) => open.close());
  world.setAppUrl(door.url);
  const { servers = [] } = wish;
  const redis = servers.includes('redis') ? await placeRedis(belongings) : undefined;
  const rabbit = servers.includes('rabbit') ? await placeRabbit(belongings) : undefined;
  const minting = withChains(servers) ? await placeChains(belongings) : undefined;
  const restart = async () => {
    // As `pg_ctl restart -m immediate`: no checkpoint, recovery from the log.
    process.kill(server.pid, 'SIGQUIT');
    server = await start(server.port);
  };
  const postgres = { proxy, restart };
  const logFolder = path.resolve('dist/chaos');
  rmSync(logFolder, { recursive: true, force: true });
  mkdirSync(logFolder, { recursive: true });
  return {
    world,
    door,
    env: {
      ...world.env,
      DATABASE_URL: proxy.url,
      ...(redis && { REDIS_URL: redis.proxy.url }),
      ...(rabbit && { AMQP_URL: rabbit.proxy.url }),
      ...minting?.env,
    },
    postgres,
    servers: {
      postgres,
      ...(redis && { redis }),
      ...(rabbit && { rabbit }),
      ...(minting && { polygon: minting.polygon, solana: minting.solana }),
    },
    listener: rabbit?.listener,
    chains: minting?.chains,
    logFolder,
    log: (slot, text) => {
      appendFileSync(path.join(logFolder, `${slot}.log`), text);
    },
  };
}
