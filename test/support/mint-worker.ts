import type { QueryBus } from '@nestjs/cqrs';
import type { Prices } from '../../src/kernel/chain/prices/index.js';
import type { Clock } from '../../src/kernel/clock.js';
import { PeriodicTasks, WorkSources } from '../../src/kernel/jobs/index.js';
import { NoPool } from '../../src/kernel/jobs/work-pool.js';
import { WorkLoops } from '../../src/kernel/jobs/work-loops.js';
import type { Database } from '../../src/kernel/postgres/database.js';
import { EnqueueMintsHandler } from '../../src/nft/commands/enqueue-mints.js';
import { RevokeTokensHandler } from '../../src/nft/commands/revoke-tokens.js';
import { Batcher } from '../../src/nft/infra/batcher.js';
import { GasBooks } from '../../src/nft/infra/gas-books.js';
import { JobFinishing } from '../../src/nft/infra/job-finishing.js';
import { JobSigning } from '../../src/nft/infra/job-signing.js';
import { JobTurn } from '../../src/nft/infra/job-turn.js';
import { MintingJobs } from '../../src/nft/infra/minting-jobs.js';
import type { TicketChains } from '../../src/nft/infra/ticket-chains.js';

/** As the local chain's contract has it, which then keeps no address of its own for a token. */
const METADATA_BASE_URL = 'http://127.0.0.1:3005';

/** A worker's whole machinery around a database and chains; it does nothing unless it is driven. */
export class MintWorker {
  readonly batcher: Batcher;
  readonly enqueue: EnqueueMintsHandler;
  readonly revoke: RevokeTokensHandler;
  private readonly sources = new WorkSources();

  constructor(
    database: Database,
    readonly chains: TicketChains,
    prices: Pick<Prices, 'of'>,
    queries: QueryBus,
    clock: Clock,
    private readonly tasks = new PeriodicTasks(false),
  ) {
    const config = { chains: { metadataBaseUrl: METADATA_BASE_URL } };
    const books = new GasBooks(database, prices as Prices, clock);
    const finishing = new JobFinishing(database, books, tasks, clock);
    const signing = new JobSigning(database, config as never);
    const turns = new JobTurn(database, signing, finishing);
    new MintingJobs(database, chains, turns, finishing, this.sources);
    this.batcher = new Batcher(database, chains, tasks);
    this.enqueue = new EnqueueMintsHandler(queries, database, tasks, clock);
    this.revoke = new RevokeTokensHandler(queries, database, tasks, clock);
  }

  /** Works on what is due, once; answers on how many jobs. */
  async work(): Promise<number> {
    const worked = await Promise.all(this.sources.all().map((source) => source.pass()));
    return worked.reduce((sum, each) => sum + each, 0);
  }

  /** Works by itself from now on, as in a worker process, if its tasks do background work. */
  run(): void {
    this.batcher.onApplicationBootstrap();
    new WorkLoops(this.sources, new NoPool(), this.tasks).onApplicationBootstrap();
  }
}
