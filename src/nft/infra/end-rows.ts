import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { MintStatus } from '../domain/mint.js';

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
  tenantId: Uuid,
  mints: readonly EndedMint[],
  hash: string | null,
): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue q SET status = 'minted', token_id = t.token_id, base = t.base,
        transaction_hash = ${hash}, gas_fee_paid = t.gas, error_message = NULL,
        processed_at = now(), updated_at = now()
      FROM unnest(
        ${mints.map(({ ticketId }) => ticketId)}::uuid[],
        ${mints.map(({ tokenId }) => tokenId)}::text[],
        ${mints.map(({ base }) => base)}::text[],
        ${mints.map(({ gas }) => gas?.toString() ?? null)}::numeric[]
      ) AS t (ticket_id, token_id, base, gas)
      WHERE q.tenant_id = ${tenantId} AND q.ticket_id = t.ticket_id AND q.status = 'minting'
      RETURNING q.id
    )
    SELECT guard((SELECT count(*) = ${mints.length} FROM ended), ${TICKETS_MOVED})`;
}

export function failMints(tenantId: Uuid, ticketIds: readonly Uuid[], reason: string): Statement {
  return move(tenantId, ticketIds, { from: 'minting', to: 'failed', reason });
}

export function endRevocations(
  tenantId: Uuid,
  ticketIds: readonly Uuid[],
  to: 'revoked' | 'cancelled',
): Statement {
  return move(tenantId, ticketIds, { from: 'revoking', to, reason: null });
}

export function failRevocations(
  tenantId: Uuid,
  ticketIds: readonly Uuid[],
  reason: string,
): Statement {
  return move(tenantId, ticketIds, { from: 'revoking', to: 'revocation_failed', reason });
}

/** The wallet has its token now; null: it never got it, and the platform keeps it. */
export function endClaims(
  tenantId: Uuid,
  ticketIds: readonly Uuid[],
  owner: string | null,
): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue SET claimant = NULL, recipient = ${owner}, updated_at = now()
      WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])
        AND claimant IS NOT NULL RETURNING id
    )
    SELECT guard((SELECT count(*) = ${ticketIds.length} FROM ended), ${TICKETS_MOVED})`;
}

interface Move {
  readonly from: MintStatus;
  readonly to: MintStatus;
  readonly reason: string | null;
}

/** All of the tickets, or none. */
function move(tenantId: Uuid, ticketIds: readonly Uuid[], { from, to, reason }: Move): Statement {
  return sql`
    WITH ended AS (
      UPDATE nft_mint_queue SET status = ${to}, error_message = ${reason}, updated_at = now()
      WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])
        AND status = ${from} RETURNING id
    )
    SELECT guard((SELECT count(*) = ${ticketIds.length} FROM ended), ${TICKETS_MOVED})`;
}
