import { derivedId, newId, type Uuid } from '../../kernel/ids.js';
import { currentTraceparent } from '../../kernel/observability/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { MintStatus, Priority } from '../domain/mint.js';
import type { ChainName, RevocationKind } from './ticket-chain.js';

/** What becomes of a token whose sale was undone. */
export type Undoing = RevocationKind | 'keep';

/** A ticket on its way to a chain, or there. */
export interface Mint {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  readonly paymentId: Uuid;
  readonly ticketId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly blockchain: ChainName;
  readonly status: MintStatus;
  readonly priority: Priority;
  /** Null: the platform keeps it. */
  readonly recipient: string | null;
  /** The wallet that it is on its way to. */
  readonly claimant: string | null;
  /** Null: its sale stands. */
  readonly revocation: Undoing | null;
  readonly name: string;
  readonly eventName: string;
  readonly eventStartsAt: Date | null;
  readonly tokenId: string | null;
  readonly base: string | null;
  readonly transactionHash: string | null;
  /** wei or lamports */
  readonly gasFeePaid: bigint | null;
  /** The job that makes or made the token. */
  readonly batchId: Uuid | null;
  /** The job that has the ticket in hand now. */
  readonly jobId: Uuid | null;
  readonly attempts: number;
  readonly errorMessage: string | null;
  readonly correlationId: string | null;
  readonly createdAt: Date;
  readonly processedAt: Date | null;
}

type Row = Readonly<Record<string, unknown>>;

export function mintOf(row: Row): Mint {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    paymentId: row.payment_id as Uuid,
    ticketId: row.ticket_id as Uuid,
    userId: row.user_id as Uuid,
    venueId: row.venue_id as Uuid,
    eventId: row.event_id as Uuid,
    blockchain: row.blockchain as ChainName,
    status: row.status as MintStatus,
    priority: row.priority as Priority,
    recipient: row.recipient as string | null,
    claimant: row.claimant as string | null,
    revocation: row.revocation as Undoing | null,
    name: row.name as string,
    eventName: row.event_name as string,
    eventStartsAt: row.event_starts_at as Date | null,
    tokenId: row.token_id as string | null,
    base: row.base as string | null,
    transactionHash: row.transaction_hash as string | null,
    gasFeePaid: row.gas_fee_paid === null ? null : BigInt(row.gas_fee_paid as string),
    batchId: row.mint_batch_id as Uuid | null,
    jobId: row.job_id as Uuid | null,
    attempts: row.attempts as number,
    errorMessage: row.error_message as string | null,
    correlationId: row.correlation_id as string | null,
    createdAt: row.created_at as Date,
    processedAt: row.processed_at as Date | null,
  };
}

/** A ticket's row has one id for ever, so that whoever makes it makes the same. */
export function mintIdOf(ticketId: Uuid): Uuid {
  return derivedId(ticketId, 'mint');
}

/** Tickets of one payment that are to become tokens, or never. */
export interface NewMints {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly ticketIds: readonly Uuid[];
  readonly blockchain: ChainName;
  readonly recipient: string | null;
  readonly name: string;
  readonly eventName: string;
  readonly eventStartsAt: string | null;
  readonly priority: Priority;
  readonly correlationId: string | null;
}

/** A ticket that has its row already keeps it as it is. */
export function insertMints(mints: NewMints, status: 'queued' | 'cancelled'): Statement {
  const { ticketIds } = mints;
  return sql`
    INSERT INTO nft_mint_queue (tenant_id, id, payment_id, ticket_id, user_id, venue_id, event_id,
      blockchain, status, priority, recipient, name, event_name, event_starts_at, correlation_id,
      traceparent)
    SELECT ${mints.tenantId}, t.id, ${mints.paymentId}, t.ticket_id, ${mints.userId}, ${mints.venueId},
      ${mints.eventId}, ${mints.blockchain}, ${status}, ${mints.priority}, ${mints.recipient},
      ${mints.name}, ${mints.eventName}, ${mints.eventStartsAt}::timestamptz, ${mints.correlationId},
      ${currentTraceparent() ?? null}
    FROM unnest(${ticketIds.map(mintIdOf)}::uuid[], ${ticketIds}::uuid[]) AS t (id, ticket_id)
    ON CONFLICT (tenant_id, ticket_id) DO NOTHING`;
}

export function mintReading(tenantId: Uuid, id: Uuid): Statement {
  return sql`SELECT * FROM nft_mint_queue WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

export function mintsOfTickets(tenantId: Uuid, ticketIds: readonly Uuid[]): Statement {
  return sql`SELECT * FROM nft_mint_queue
    WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])`;
}

export function mintsOfPayment(tenantId: Uuid, paymentId: Uuid): Statement {
  return sql`SELECT * FROM nft_mint_queue
    WHERE tenant_id = ${tenantId} AND payment_id = ${paymentId} ORDER BY ticket_id`;
}

/**
 * Undoes tickets: what is not begun never will be, what is begun or made is marked. What has failed is
 * over where tokens are kept, else it is looked for. The lock on each row decides between this and a
 * mint that ends at the same time.
 */
export function markUndone(tenantId: Uuid, ticketIds: readonly Uuid[], how: Undoing): Statement {
  const over: readonly MintStatus[] = how === 'keep' ? ['queued', 'failed'] : ['queued'];
  return sql`
    UPDATE nft_mint_queue SET updated_at = now(),
      status = CASE WHEN status = ANY(${over}::text[]) THEN 'cancelled' ELSE status END,
      revocation = CASE WHEN status = 'queued' THEN NULL ELSE coalesce(revocation, ${how}) END
    WHERE tenant_id = ${tenantId} AND ticket_id = ANY(${ticketIds}::uuid[])
      AND status IN ('queued', 'minting', 'minted', 'failed')`;
}

/**
 * A job for each of these tokens that is marked and that nothing else is being done with. What failed
 * is looked for on the chain as well: nobody knows how far it came. To be added after whatever marks
 * or ends something.
 */
export function startRevocations(tenantId: Uuid, ticketIds: readonly Uuid[]): Statement {
  return sql`
    WITH due AS (
      UPDATE nft_mint_queue q SET status = 'revoking', job_id = n.id, updated_at = now()
      FROM unnest(${ticketIds}::uuid[], ${ticketIds.map(() => newId())}::uuid[]) AS n (ticket_id, id)
      WHERE q.tenant_id = ${tenantId} AND q.ticket_id = n.ticket_id
        AND q.status IN ('minted', 'failed', 'revocation_failed')
        AND q.revocation IN ('burn', 'claw_back') AND q.claimant IS NULL
      RETURNING q.tenant_id, q.job_id, q.ticket_id, q.blockchain, q.revocation
    )
    INSERT INTO nft_batches (tenant_id, id, blockchain, kind, ticket_ids, revocation, traceparent)
    SELECT tenant_id, job_id, blockchain, 'revoke', ARRAY[ticket_id], revocation,
      ${currentTraceparent() ?? null}
    FROM due`;
}

/**
 * A job for each of these tokens that the platform has though it is a wallet's, unless it is to be
 * taken back.
 */
export function startTransfers(tenantId: Uuid, ticketIds: readonly Uuid[]): Statement {
  return sql`
    WITH due AS (
      UPDATE nft_mint_queue q SET claimant = q.recipient, recipient = NULL, job_id = n.id,
        updated_at = now()
      FROM unnest(${ticketIds}::uuid[], ${ticketIds.map(() => newId())}::uuid[]) AS n (ticket_id, id)
      WHERE q.tenant_id = ${tenantId} AND q.ticket_id = n.ticket_id AND q.status = 'minted'
        AND q.recipient IS NOT NULL AND q.revocation IS NULL
      RETURNING q.tenant_id, q.job_id, q.ticket_id, q.blockchain, q.claimant
    )
    INSERT INTO nft_batches (tenant_id, id, blockchain, kind, ticket_ids, recipient, traceparent)
    SELECT tenant_id, job_id, blockchain, 'transfer', ARRAY[ticket_id], claimant,
      ${currentTraceparent() ?? null}
    FROM due`;
}

/** Notes what a ticket's token will be, before there is one: wallets ask for it at once. */
export function noteTokens(
  tenantId: Uuid,
  tokens: readonly { readonly ticketId: Uuid; readonly tokenId: string; readonly base: string }[],
): Statement {
  return sql`
    UPDATE nft_mint_queue q SET token_id = t.token_id, base = t.base
    FROM unnest(
      ${tokens.map(({ ticketId }) => ticketId)}::uuid[],
      ${tokens.map(({ tokenId }) => tokenId)}::text[],
      ${tokens.map(({ base }) => base)}::text[]
    ) AS t (ticket_id, token_id, base)
    WHERE q.tenant_id = ${tenantId} AND q.ticket_id = t.ticket_id
      AND (q.token_id, q.base) IS DISTINCT FROM (t.token_id, t.base)`;
}

/** Which tokens of a tenant, and which page of them. */
export interface MintFilter {
  readonly status?: MintStatus;
  readonly blockchain?: ChainName;
  readonly paymentId?: Uuid;
  readonly eventId?: Uuid;
  /** The ticket that the previous page ended with. */
  readonly before?: Uuid;
  readonly limit: number;
}

/** One more than the page, the newest tickets first. */
export function mintsReading(tenantId: Uuid, filter: MintFilter): Statement {
  const { status = null, blockchain = null, paymentId = null, eventId = null } = filter;
  return sql`
    SELECT * FROM nft_mint_queue WHERE tenant_id = ${tenantId}
      AND (${status}::text IS NULL OR status = ${status})
      AND (${blockchain}::text IS NULL OR blockchain = ${blockchain})
      AND (${paymentId}::uuid IS NULL OR payment_id = ${paymentId})
      AND (${eventId}::uuid IS NULL OR event_id = ${eventId})
      AND (${filter.before ?? null}::uuid IS NULL OR ticket_id < ${filter.before ?? null})
    ORDER BY ticket_id DESC LIMIT ${filter.limit + 1}::integer`;
}
