import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { MintStatus } from '../domain/mint.js';
import type { ClaimedJob } from './batch-rows.js';

/** A ticket that is a token now; `gas` is its part of the cost in wei or lamports. */
export interface EndedMint {
  readonly ticketId: Uuid;
  readonly tokenId: string;
  readonly base: string;
  readonly gas: bigint | null;
}

/** What the guards below say: somebody else was faster. */
export const TICKETS_MOVED = 'tickets of a minting job have moved on';

export function endMints(
  { tenantId, id }: ClaimedJob,
  mints: readonly EndedMint[],
  hash: string | null,
): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue q SET status = 'minted', token_id = t.token_id, base = t.base,
        transaction_hash = ${hash}, gas_fee_paid = t.gas, error_message = NULL, job_id = NULL,
        processed_at = now(), updated_at = now()
      FROM unnest(
        ${mints.map(({ ticketId }) => ticketId)}::uuid[],
        ${mints.map(({ tokenId }) => tokenId)}::text[],
        ${mints.map(({ base }) => base)}::text[],
        ${mints.map(({ gas }) => gas?.toString() ?? null)}::numeric[]
      ) AS t (ticket_id, token_id, base, gas)
      WHERE q.tenant_id = ${tenantId} AND q.ticket_id = t.ticket_id AND q.job_id = ${id}
      RETURNING q.id
    )
    SELECT guard((SELECT count(*) = ${mints.length} FROM ended), ${TICKETS_MOVED})`;
}

/** A mint whose sale was undone meanwhile is over, where tokens are kept. */
export function failMints(job: ClaimedJob, ticketIds: readonly Uuid[], reason: string): Statement {
  return release(job, ticketIds, { to: 'failed', ifKept: 'cancelled' }, reason);
}

export function endRevocations(
  job: ClaimedJob,
  ticketIds: readonly Uuid[],
  to: 'revoked' | 'cancelled',
): Statement {
  return release(job, ticketIds, { to }, null);
}

export function failRevocations(
  job: ClaimedJob,
  ticketIds: readonly Uuid[],
  reason: string,
): Statement {
  return release(job, ticketIds, { to: 'revocation_failed' }, reason);
}

/** The wallet has its token now; null: it never got it, and the platform keeps it. */
export function endClaims(
  { tenantId, id }: ClaimedJob,
  ticketIds: readonly Uuid[],
  owner: string | null,
): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue SET claimant = NULL, recipient = ${owner}, job_id = NULL,
        updated_at = now()
      WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])
        AND job_id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = ${ticketIds.length} FROM ended), ${TICKETS_MOVED})`;
}

/** The job lets go of all of the tickets, or of none. */
function release(
  { tenantId, id }: ClaimedJob,
  ticketIds: readonly Uuid[],
  { to, ifKept = to }: { readonly to: MintStatus; readonly ifKept?: MintStatus },
  reason: string | null,
): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue SET job_id = NULL, error_message = ${reason}, updated_at = now(),
        status = CASE WHEN revocation = 'keep' THEN ${ifKept} ELSE ${to} END
      WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])
        AND job_id = ${id} RETURNING id
    )
    SELECT guard((SELECT count(*) = ${ticketIds.length} FROM ended), ${TICKETS_MOVED})`;
}
