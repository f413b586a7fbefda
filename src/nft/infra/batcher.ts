import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Uuid } from '../../kernel/ids.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { BATCH_SIZE } from '../domain/mint.js';
import { formJob, readyGroups } from './batch-rows.js';
import { jobsName } from './minting-jobs.js';
import type { ChainName } from './ticket-chain.js';
import { TicketChains } from './ticket-chains.js';

/** The task to nudge after a commit that queued tickets. */
export const MINT_BATCHER = 'mint batcher';

const EVERY_MS = 1_000;

/** Jobs of one tenant formed before the next tenant's turn. */
const AT_A_TIME = 10;

/** Puts waiting tickets into jobs, the most urgent first, as soon as a job is full or old enough. */
@Injectable()
export class Batcher implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly chains: TicketChains,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    if (this.chains.signing.length === 0) return;
    this.tasks.add(new Periodic(MINT_BATCHER, EVERY_MS, () => this.pass()));
  }

  /** Answers how many jobs it has formed. */
  async pass(): Promise<number> {
    const [ready] = await this.database.asWorker([readyGroups(this.chains.signing)]);
    let formed = 0;
    for (const { tenant_id: tenantId, blockchain } of ready?.rows ?? []) {
      const jobs = await this.formAll(tenantId as Uuid, blockchain as ChainName);
      if (jobs > 0) this.tasks.nudge(jobsName(blockchain as ChainName, 'mint'));
      formed += jobs;
    }
    if (formed >= AT_A_TIME) this.tasks.nudge(MINT_BATCHER);
    return formed;
  }

  /** Full jobs, and at last what is left over: somebody has waited long enough. */
  private async formAll(tenantId: Uuid, chain: ChainName): Promise<number> {
    for (let formed = 0; ; formed += 1) {
      if (formed === AT_A_TIME) return formed;
      const [job] = await this.database.asWorker([formJob(tenantId, chain)]);
      const tickets = job?.rows.length ?? 0;
      if (tickets < BATCH_SIZE[chain]) return formed + Math.min(tickets, 1);
    }
  }
}
