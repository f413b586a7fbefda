import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { closeItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { MINT_BATCHER } from '../infra/batcher.js';
import { MINT_FAILED, REVOCATION_FAILED } from '../infra/job-ends.js';
import { type Mint, mintOf, mintReading, startRevocations } from '../infra/mint-rows.js';
import { jobsName } from '../infra/minting-jobs.js';

/**
 * Tries anew what was given up: a mint, or taking a token back. Refuses NOT_FOUND what the tenant has
 * no such mint of, CONFLICT what has not failed.
 */
export class RetryMint extends Command<Mint | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly id: Uuid,
  ) {
    super();
  }
}

const NOT_FAILED = refuse('CONFLICT', 'This mint has not failed');

@CommandHandler(RetryMint)
export class RetryMintHandler implements ICommandHandler<RetryMint> {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  async execute({ principal, id }: RetryMint): Promise<Mint | Refusal> {
    const { tenantId } = principal;
    const [found] = await this.database.read(tenantId, [mintReading(tenantId, id)]);
    const mint = found?.rows[0] && mintOf(found.rows[0]);
    if (!mint) return refuse('NOT_FOUND', 'There is no such mint');
    if (mint.status !== 'failed' && mint.status !== 'revocation_failed') return NOT_FAILED;
    try {
      const results = await this.database.transact(tenantId, [
        ...(mint.status === 'failed' ? queuedAgain(mint) : revokedAgain(mint)),
        audit(tenantId, {
          actor: userActor(principal),
          action: 'mint.retried',
          object: { type: 'mint', id },
          before: { status: mint.status, error: mint.errorMessage },
          after: { status: mint.status === 'failed' ? 'queued' : 'revoking' },
        }),
        mintReading(tenantId, id),
      ]);
      const revoking = jobsName(mint.blockchain, 'revoke');
      this.tasks.nudge(mint.status === 'failed' ? MINT_BATCHER : revoking);
      const [row] = results.at(-1)?.rows ?? [];
      return mintOf(row ?? {});
    } catch (error) {
      if (failedWith(error, SQLSTATE.guardFailed)) return NOT_FAILED;
      throw error;
    }
  }
}

function queuedAgain({ tenantId, id }: Mint): Statement[] {
  return [
    sql`
      WITH again AS (
        UPDATE nft_mint_queue SET status = 'queued', attempts = 0, updated_at = now()
        WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'failed' RETURNING id
      )
      SELECT guard((SELECT count(*) = 1 FROM again), 'a mint has not failed')`,
    closeItem(tenantId, MINT_FAILED, id, 'It is tried again'),
  ];
}

function revokedAgain({ tenantId, id, ticketId }: Mint): Statement[] {
  return [
    sql`SELECT guard((SELECT status = 'revocation_failed' FROM nft_mint_queue
      WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE), 'a revocation has not failed')`,
    startRevocations(tenantId, [ticketId]),
    closeItem(tenantId, REVOCATION_FAILED, id, 'It is tried again'),
  ];
}
