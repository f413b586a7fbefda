import pg from 'pg';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { pipeline } from '../../src/kernel/postgres/pipeline.js';
import { answerParent } from './child.js';
import { type Replayable, write } from './replay.js';

/** What the database alone can do: recorded purchases, written again by nobody but `pg`. */
export type CeilingQuestion =
  | {
      readonly open: {
        databaseUrl: string;
        connections: number;
        purchases: Replayable[];
        buyers: string[];
      };
    }
  | { readonly run: { connections: number; seconds?: number; count?: number } };

export interface Written {
  readonly purchases: number;
  readonly latenciesMs: Float64Array;
  readonly processorMs: number;
}

const ROLL_UP_MS = 1_000;

let purchases: readonly Replayable[] = [];
let buyers: readonly string[] = [];
/** Purchases written since the start: no buyer buys the same twice. */
let written = 0;
let clients: pg.Client[] = [];
let worker: pg.Client | undefined;

answerParent(async (question: CeilingQuestion) => {
  if ('run' in question) return run(question.run);
  const { databaseUrl, connections } = question.open;
  ({ purchases, buyers } = question.open);
  const own = (role: string) => new pg.Client(optionsOf(databaseUrl, role));
  clients = Array.from({ length: connections }, () => own(APPLICATION_ROLE));
  worker = own(WORKER_ROLE);
  await Promise.all([...clients, worker].map((client) => client.connect()));
  return null;
});

function optionsOf(databaseUrl: string, role: string): pg.ClientConfig {
  const { query_timeout: _, ...rest } = connectionOptions(databaseUrl, role, 1);
  return rest;
}

async function run({
  connections,
  seconds = Infinity,
  count = Infinity,
}: Extract<CeilingQuestion, { run: unknown }>['run']): Promise<Written> {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const end = performance.now() + seconds * 1_000;
  let begun = 0;
  // The application's other regular work on these tables: without it, reads would grow dear.
  const rollUp = setInterval(() => void worker?.query('SELECT ledger_roll_up()'), ROLL_UP_MS);
  const work = async (client: pg.Client): Promise<void> => {
    while (performance.now() < end && begun < count) {
      begun++;
      const from = performance.now();
      const { begin, finish } = next();
      await commit(client, begin);
      await commit(client, finish);
      latencies.push(performance.now() - from);
    }
  };
  try {
    await Promise.all(clients.slice(0, connections).map(work));
  } finally {
    clearInterval(rollUp);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    purchases: latencies.length,
    latenciesMs: Float64Array.from(latencies),
    processorMs: (user + system) / 1_000,
  };
}

/** The next purchase, by the next buyer, at different steps, so that every pair occurs. */
function next(): ReturnType<typeof write> {
  const n = written++;
  const purchase = purchases[n % purchases.length];
  const buyer = buyers[(n + Math.floor(n / purchases.length)) % buyers.length];
  if (!purchase || buyer === undefined) throw new Error('nothing was recorded');
  return write(purchase, buyer);
}

async function commit(client: pg.Client, statements: Parameters<typeof pipeline>[1]) {
  const results = await pipeline(client, statements);
  if (results.at(-1)?.command !== 'COMMIT') throw new Error('a replayed purchase was rolled back');
}
