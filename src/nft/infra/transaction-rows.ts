import { newId, type Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { ClaimedJob } from './batch-rows.js';
import type { SignedTransaction, TransactionState, Validity } from './ticket-chain.js';

/** A try of a part of a job, as it stands on record. */
export interface RecordedTry {
  readonly id: Uuid;
  readonly part: number;
  readonly number: number;
  readonly signer: string;
  readonly nonce: number | null;
  readonly ticketIds: readonly Uuid[];
  readonly status: 'allocated' | 'signed' | 'done' | 'failed' | 'expired' | 'replaced';
  /** Null until it is signed. */
  readonly signed: SignedTransaction | null;
  readonly ageSeconds: number;
  readonly sentSecondsAgo: number | null;
  readonly error: string | null;
  /** What the signer paid, in wei or lamports; null: nothing is known yet, or nothing was paid. */
  readonly gas: bigint | null;
}

type Row = Readonly<Record<string, unknown>>;

export function recordedTry(row: Row): RecordedTry {
  const ticketIds = row.ticket_ids as readonly Uuid[];
  return {
    id: row.id as Uuid,
    part: row.part as number,
    number: row.try as number,
    signer: row.signer as string,
    nonce: row.nonce === null ? null : Number(row.nonce),
    ticketIds,
    status: row.status as RecordedTry['status'],
    signed:
      row.bytes === null
        ? null
        : {
            id: row.hash as string,
            bytes: row.bytes as Buffer,
            ticketIds,
            validity: row.validity as Validity,
          },
    ageSeconds: row.age as number,
    sentSecondsAgo: row.sent_ago as number | null,
    error: row.error as string | null,
    gas: row.gas === null ? null : BigInt(row.gas as string),
  };
}

/** Every try of a job, part by part, oldest first. */
export function triesOf({ tenantId, id }: ClaimedJob): Statement {
  return sql`
    SELECT *, extract(epoch FROM now() - coalesce(signed_at, created_at))::float8 AS age,
      extract(epoch FROM now() - sent_at)::float8 AS sent_ago
    FROM nft_transactions WHERE tenant_id = ${tenantId} AND batch_id = ${id} ORDER BY part, try`;
}

/** A part that begins, or begins anew. */
export interface NewTry {
  readonly part: number;
  readonly number: number;
  readonly ticketIds: readonly Uuid[];
}

/** A try that takes the place of an earlier one. */
export interface Replacement extends NewTry {
  readonly signer: string;
  readonly nonce: number;
}

/**
 * Gives each try a place: on Polygon the signer's next nonces, of which the chain has `seen` so many;
 * on Solana (null) none is needed.
 */
export function allocate(
  { tenantId, id, chain }: ClaimedJob,
  signer: string,
  seen: number | null,
  tries: readonly NewTry[],
): Statement {
  return sql`
    WITH places AS MATERIALIZED (
      SELECT n.nonce, n.place
      FROM allocate_nonces(${chain}, ${signer}, ${seen}::bigint, ${tries.length}::integer)
        WITH ORDINALITY AS n (nonce, place)
    )
    INSERT INTO nft_transactions
      (tenant_id, id, batch_id, part, try, blockchain, signer, nonce, ticket_ids)
    SELECT ${tenantId}, t.id, ${id}, t.part, t.try, ${chain}, ${signer}, p.nonce,
      ARRAY(SELECT jsonb_array_elements_text(t.tickets)::uuid)
    FROM unnest(
      ${tries.map(() => newId())}::uuid[],
      ${tries.map(({ part }) => part)}::smallint[],
      ${tries.map(({ number }) => number)}::smallint[],
      ${tries.map(({ ticketIds }) => JSON.stringify(ticketIds))}::jsonb[]
    ) WITH ORDINALITY AS t (id, part, try, tickets, place)
    LEFT JOIN places p USING (place)`;
}

/** A try for a place that an earlier one has, which it is to replace. */
export function replace({ tenantId, id, chain }: ClaimedJob, next: Replacement): Statement {
  return sql`
    INSERT INTO nft_transactions
      (tenant_id, id, batch_id, part, try, blockchain, signer, nonce, ticket_ids)
    VALUES (${tenantId}, ${newId()}, ${id}, ${next.part}, ${next.number}, ${chain}, ${next.signer},
      ${next.nonce}, ${next.ticketIds}::uuid[])`;
}

/** Keeps what was signed for a try that had nothing yet: from now on these bytes are sent. */
export function keepSigned(tenantId: Uuid, id: Uuid, signed: SignedTransaction): Statement {
  return sql`
    WITH kept AS (
      UPDATE nft_transactions SET status = 'signed', hash = ${signed.id}, bytes = ${signed.bytes},
        validity = ${signed.validity}, signed_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'allocated' RETURNING id
    )
    SELECT guard((SELECT count(*) = 1 FROM kept), 'a transaction is signed already')`;
}

export function noteSent(tenantId: Uuid, ids: readonly Uuid[]): Statement {
  return sql`UPDATE nft_transactions SET sent_at = now()
    WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::uuid[])`;
}

/** What the chain has said for good of a try. */
export function noteEnd(
  tenantId: Uuid,
  id: Uuid,
  state: Exclude<TransactionState, { kind: 'pending' | 'included' }>,
): Statement {
  return sql`
    UPDATE nft_transactions SET status = ${state.kind}, finished_at = now(),
      gas = ${'gas' in state ? state.gas : null}::numeric,
      block = ${'block' in state ? state.block : null}::bigint,
      error = ${'reason' in state ? state.reason.slice(0, 500) : null}::text
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'signed'`;
}

/**
 * Tries that were taken for expired, though the chain shows what they were to do: nobody else can have
 * done it. They are asked about again for an hour, so that their costs are known.
 * Answers the tickets of each.
 */
export function askAgain(tenantId: Uuid, ids: readonly Uuid[]): Statement {
  return sql`
    UPDATE nft_transactions SET status = 'signed', finished_at = NULL
    WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::uuid[]) AND status = 'expired'
      AND signed_at > now() - interval '1 hour' RETURNING ticket_ids`;
}

/** Tries that nothing waits for any more: their place was used, or the job has ended. */
export function noteReplaced(tenantId: Uuid, ids: readonly Uuid[]): Statement {
  return sql`UPDATE nft_transactions SET status = 'replaced', finished_at = now()
    WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::uuid[]) AND status = 'signed'`;
}

/** A try that nothing can be signed for is forgotten, and its place is given to the next one. */
export function giveBack({ tenantId, chain }: ClaimedJob, id: Uuid): Statement {
  return sql`
    WITH gone AS (
      DELETE FROM nft_transactions t
      WHERE t.tenant_id = ${tenantId} AND t.id = ${id} AND t.status = 'allocated'
      RETURNING t.signer, t.nonce, t.batch_id, t.part, t.try
    )
    INSERT INTO chain_free_nonces (chain, address, nonce)
    SELECT ${chain}, g.signer, g.nonce FROM gone g
    WHERE g.nonce IS NOT NULL AND NOT EXISTS (SELECT FROM nft_transactions o
      WHERE o.tenant_id = ${tenantId} AND o.blockchain = ${chain} AND o.signer = g.signer
        AND o.nonce = g.nonce AND o.id <> ${id})
    ON CONFLICT DO NOTHING`;
}
