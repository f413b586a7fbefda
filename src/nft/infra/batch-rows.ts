import { newId, type Uuid } from '../../kernel/ids.js';
import type { WorkTable } from '../../kernel/jobs/index.js';
import { currentTraceparent } from '../../kernel/observability/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { BATCH_SIZE, LONGEST_WAIT_SECONDS } from '../domain/mint.js';
import type { Mint } from './mint-rows.js';
import type { ChainName, RevocationKind } from './ticket-chain.js';

/** What a job does with its tickets. */
export type JobTask =
  | { readonly kind: 'mint' }
  | { readonly kind: 'revoke'; readonly how: RevocationKind }
  | { readonly kind: 'transfer'; readonly to: string };

export type JobKind = JobTask['kind'];

/** A job that this process alone may work on until its lease ends. */
export interface ClaimedJob {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  readonly chain: ChainName;
  readonly task: JobTask;
  readonly ticketIds: readonly Uuid[];
  /** How often it has failed. */
  readonly attempts: number;
  readonly leaseUntil: Date;
  readonly createdAt: Date;
}

/**
 * The jobs of a kind on a chain, so that no mint waits behind thousands of tokens that are taken back.
 * A job is looked at for a few seconds at a time, each call to a node has a limit, and whoever is late
 * is refused by the lease.
 */
export const jobsOn = (chain: ChainName, kind: JobKind): WorkTable => ({
  table: 'nft_batches',
  scope: `blockchain = '${chain}' AND kind = '${kind}'`,
  open: `status = 'open'`,
  leaseSeconds: 30,
  atOnce: 16,
});

type Row = Readonly<Record<string, unknown>>;

export function claimedJob(row: Row): ClaimedJob {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    chain: row.blockchain as ChainName,
    task: taskOf(row),
    ticketIds: row.ticket_ids as readonly Uuid[],
    attempts: row.attempts as number,
    leaseUntil: row.lease_until as Date,
    createdAt: row.created_at as Date,
  };
}

function taskOf({ kind, revocation, recipient }: Row): JobTask {
  if (kind === 'revoke') return { kind, how: revocation as RevocationKind };
  return kind === 'transfer' ? { kind, to: recipient as string } : { kind: 'mint' };
}

/** Jobs of a chain that mint, or wait for their turn; what is queued beyond them keeps its order. */
const MOST_MINTING = 24;

/**
 * Tenants and chains with tickets enough for a full job, or with one that has waited long enough;
 * none of a chain that has work for a while.
 */
export function readyGroups(chains: readonly ChainName[]): Statement {
  const waits = LONGEST_WAIT_SECONDS;
  return sql`
    WITH busy AS MATERIALIZED (
      SELECT blockchain FROM nft_mint_queue WHERE status = 'minting'
      GROUP BY blockchain HAVING count(DISTINCT job_id) >= ${MOST_MINTING}::integer
    )
    SELECT tenant_id, blockchain FROM nft_mint_queue
    WHERE status = 'queued' AND blockchain = ANY(${chains})
      AND blockchain NOT IN (SELECT blockchain FROM busy)
    GROUP BY tenant_id, blockchain
    HAVING count(*) >= CASE blockchain WHEN 'polygon' THEN ${BATCH_SIZE.polygon}::integer
        ELSE ${BATCH_SIZE.solana}::integer END
      OR bool_or(created_at <= now() - make_interval(secs => CASE priority
        WHEN 'urgent' THEN ${waits.urgent}::float8 WHEN 'high' THEN ${waits.high}::float8
        ELSE ${waits.standard}::float8 END))
    ORDER BY min(created_at)`;
}

/** Puts the most urgent tickets of a tenant into one job; answers their ids, none: others were faster. */
export function formJob(tenantId: Uuid, chain: ChainName): Statement {
  const id = newId();
  return sql`
    WITH picked AS MATERIALIZED (
      SELECT id, ticket_id, traceparent FROM nft_mint_queue
      WHERE tenant_id = ${tenantId} AND blockchain = ${chain} AND status = 'queued'
      ORDER BY array_position(ARRAY['urgent', 'high', 'standard'], priority), created_at, id
      LIMIT ${BATCH_SIZE[chain]}::integer FOR UPDATE SKIP LOCKED
    ), made AS (
      INSERT INTO nft_batches (tenant_id, id, blockchain, kind, ticket_ids, traceparent)
      SELECT ${tenantId}, ${id}, ${chain}, 'mint', array_agg(ticket_id ORDER BY id), min(traceparent)
      FROM picked HAVING count(*) > 0
    )
    UPDATE nft_mint_queue q
    SET status = 'minting', mint_batch_id = ${id}, job_id = ${id}, updated_at = now()
    FROM picked p WHERE q.tenant_id = ${tenantId} AND q.id = p.id RETURNING q.ticket_id`;
}

/** A job that hands one token over to a wallet that has claimed it. */
export function addTransfer(
  { tenantId, blockchain, ticketId }: Pick<Mint, 'tenantId' | 'blockchain' | 'ticketId'>,
  jobId: Uuid,
  wallet: string,
): Statement {
  return sql`
    INSERT INTO nft_batches (tenant_id, id, blockchain, kind, ticket_ids, recipient, traceparent)
    VALUES (${tenantId}, ${jobId}, ${blockchain}, 'transfer', ${[ticketId]}::uuid[], ${wallet},
      ${currentTraceparent() ?? null})`;
}

/** What the guards below say. */
export const LEASE_LOST = 'the lease of a minting job has been lost';

/** First in every transaction about a job: stops it when another process has taken the job over. */
export function holdLease({ tenantId, id, leaseUntil }: ClaimedJob): Statement {
  return sql`
    SELECT guard((SELECT status = 'open' AND lease_until = ${leaseUntil} FROM nft_batches
      WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE), ${LEASE_LOST})`;
}

/** The same job again after so many seconds. */
export function putOff(
  { tenantId, id }: ClaimedJob,
  seconds: number,
  error: string | null,
): Statement {
  return sql`
    UPDATE nft_batches SET lease_until = NULL, last_error = coalesce(${error}::text, last_error),
      next_attempt_at = now() + make_interval(secs => ${seconds}::float8)
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** A try has come to nothing; the tickets that are still in the job are told why. */
export function countFailure({ tenantId, id }: ClaimedJob, error: string): Statement {
  return sql`
    WITH failed AS (
      UPDATE nft_batches SET attempts = attempts + 1, last_error = ${error}
      WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING ticket_ids
    )
    UPDATE nft_mint_queue q SET attempts = attempts + 1, error_message = ${error}, updated_at = now()
    FROM failed f WHERE q.tenant_id = ${tenantId} AND q.ticket_id = ANY(f.ticket_ids)
      AND q.job_id = ${id} AND q.status IN ('minting', 'revoking')`;
}

/** The end of a job; `gas` in wei or lamports, with its price of then. */
export function endJob(
  { tenantId, id }: ClaimedJob,
  status: 'done' | 'failed',
  cost: { readonly gas: bigint; readonly microUsd: bigint },
): Statement {
  return sql`
    UPDATE nft_batches SET status = ${status}, lease_until = NULL, finished_at = now(),
      gas = ${cost.gas}::numeric, gas_micro_usd = ${cost.microUsd}
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}
