import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import type { Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { addTransfer } from '../infra/batch-rows.js';
import { type Mint, mintOf, mintsOfTickets } from '../infra/mint-rows.js';
import { jobsName } from '../infra/minting-jobs.js';
import type { WalletClaim } from '../infra/ticket-chain.js';
import { TicketChains } from '../infra/ticket-chains.js';

/** A wallet's word that a ticket is to be its own; `expiresAt` in Unix seconds. */
export type Claim = Omit<WalletClaim, 'ticketId'>;

/** A claim may not be signed for longer than this ahead. */
export const LONGEST_CLAIM_SECONDS = 3_600;

/**
 * Moves a ticket's token from the platform's custody to a wallet of the buyer's: a token not minted
 * yet is minted to it. The same wallet again is a success that changes nothing. Refuses NOT_FOUND what
 * is not the caller's, VALIDATION_ERROR a wallet or an expiry that cannot be, INVALID_SIGNATURE what
 * the wallet did not sign, CONFLICT a ticket that is another wallet's, revoked, or being minted, and
 * SERVICE_UNAVAILABLE where this process does not know the chain.
 */
export class ClaimTicket extends Command<Mint | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly ticketId: Uuid,
    readonly claim: Claim,
  ) {
    super();
  }
}

const MOVED_ON = refuse('CONFLICT', 'The ticket’s token is changing, ask again', {
  retryAfterSeconds: 5,
});

@CommandHandler(ClaimTicket)
export class ClaimTicketHandler implements ICommandHandler<ClaimTicket> {
  constructor(
    private readonly database: Database,
    private readonly chains: TicketChains,
    private readonly tasks: PeriodicTasks,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, ticketId, claim }: ClaimTicket): Promise<Mint | Refusal> {
    const { tenantId, userId } = principal;
    const mint = await this.mintOf(tenantId, ticketId);
    if (mint?.userId !== userId) return refuse('NOT_FOUND', 'There is no such ticket');
    const wallet = await this.proven(mint, claim);
    if (isRefusal(wallet)) return wallet;
    if (mint.recipient === wallet || mint.claimant === wallet) return mint;
    const change = changeFor(mint, wallet);
    if (isRefusal(change)) return change;
    try {
      await this.database.transact(tenantId, [
        ...change,
        audit(tenantId, {
          actor: userActor(principal),
          action: 'ticket.claimed',
          object: { type: 'ticket', id: ticketId },
          before: { status: mint.status, wallet: null },
          after: { status: mint.status, wallet, blockchain: mint.blockchain },
        }),
      ]);
    } catch (error) {
      if (failedWith(error, SQLSTATE.guardFailed)) return MOVED_ON;
      throw error;
    }
    this.tasks.nudge(jobsName(mint.blockchain, 'transfer'));
    return (await this.mintOf(tenantId, ticketId)) ?? MOVED_ON;
  }

  private async mintOf(tenantId: Uuid, ticketId: Uuid): Promise<Mint | undefined> {
    const [found] = await this.database.read(tenantId, [mintsOfTickets(tenantId, [ticketId])]);
    return found?.rows[0] && mintOf(found.rows[0]);
  }

  /** The wallet's canonical address, if it has signed. */
  private async proven({ blockchain, ticketId }: Mint, claim: Claim): Promise<string | Refusal> {
    const chain = await this.chains.of(blockchain);
    if (!chain) return refuse('SERVICE_UNAVAILABLE', 'The ticket’s chain is not configured here');
    const wallet = chain.parseAddress(claim.wallet);
    if (isRefusal(wallet)) {
      return { ...wallet, errors: [{ field: 'wallet', message: wallet.message }] };
    }
    const left = claim.expiresAt - this.clock.now().getTime() / 1_000;
    if (left <= 0 || left > LONGEST_CLAIM_SECONDS) {
      const message = `must be within the next ${LONGEST_CLAIM_SECONDS} seconds`;
      return refuse('VALIDATION_ERROR', 'The claim has expired, or expires too late', {
        errors: [{ field: 'expiresAt', message }],
      });
    }
    const isSigned = await chain.verifyClaim({ ...claim, wallet, ticketId });
    return isSigned ? wallet : refuse('INVALID_SIGNATURE', 'The wallet has not signed this claim');
  }
}

function changeFor(mint: Mint, wallet: string): readonly Statement[] | Refusal {
  const { tenantId, id, status, recipient, claimant, revocation } = mint;
  if (recipient !== null || claimant !== null) {
    return refuse('CONFLICT', 'The ticket is another wallet’s');
  }
  if (revocation !== null) return refuse('CONFLICT', 'The ticket’s sale was undone');
  const jobId = newId();
  switch (status) {
    case 'minting':
      return MOVED_ON;
    case 'queued':
    case 'failed':
      return [
        sql`
          WITH claimed AS (
            UPDATE nft_mint_queue SET recipient = ${wallet}, updated_at = now()
            WHERE tenant_id = ${tenantId} AND id = ${id} AND status IN ('queued', 'failed')
              AND recipient IS NULL RETURNING id
          )
          SELECT guard((SELECT count(*) = 1 FROM claimed), 'a token is changing')`,
      ];
    case 'minted':
      return [
        sql`
          WITH claimed AS (
            UPDATE nft_mint_queue SET claimant = ${wallet}, job_id = ${jobId}, updated_at = now()
            WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'minted'
              AND recipient IS NULL AND claimant IS NULL AND revocation IS NULL RETURNING id
          )
          SELECT guard((SELECT count(*) = 1 FROM claimed), 'a token is changing')`,
        addTransfer(mint, jobId, wallet),
      ];
    case 'cancelled':
    case 'revoking':
    case 'revocation_failed':
    case 'revoked':
      return refuse('CONFLICT', 'The ticket’s sale was undone');
  }
}
