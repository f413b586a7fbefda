import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { feeMovementOf, movementOf, type ProviderLine } from '../domain/provider-line.js';

/** Read again at every import: a list may be a little behind, and clocks differ. */
const OVERLAP = '1 hour';

/** From when on the provider has to be read; `since` is null before the first complete import. */
export function importMark(owner: Uuid, provider: string): Statement {
  return sql`SELECT complete_to - ${OVERLAP}::interval AS since FROM provider_import_marks
    WHERE tenant_id = ${owner} AND provider = ${provider}`;
}

/** Only once every page is stored: an import that ends in the middle begins again where it did. */
export function setImportMark(owner: Uuid, provider: string, completeTo: Date): Statement {
  return sql`
    INSERT INTO provider_import_marks AS m (tenant_id, provider, complete_to)
    VALUES (${owner}, ${provider}, ${completeTo}::timestamptz)
    ON CONFLICT (tenant_id, provider) DO UPDATE
      SET complete_to = greatest(m.complete_to, excluded.complete_to)`;
}

/**
 * Stores lines with the payment they are about: by the charge's reference, else by its metadata
 * where a row of ours says the same; what belongs to nobody is `owner`'s. For the worker's
 * transactions; answers how many were new. Storing a line again makes it what the provider says now.
 */
export function storeLines(
  owner: Uuid,
  provider: string,
  lines: readonly ProviderLine[],
): Statement {
  return sql`
    WITH told AS (
      SELECT * FROM unnest(
        ${lines.map((line) => line.id)}::text[],
        ${lines.map((line) => line.type)}::text[],
        ${lines.map((line) => line.source)}::text[],
        ${lines.map((line) => line.sourceKind)}::text[],
        ${lines.map((line) => line.reference)}::text[],
        ${lines.map((line) => line.claim?.tenantId ?? null)}::uuid[],
        ${lines.map((line) => line.claim?.operationId ?? null)}::uuid[],
        ${lines.map((line) => line.amountCents)}::bigint[],
        ${lines.map((line) => line.feeCents)}::bigint[],
        ${lines.map(movementOf)}::text[],
        ${lines.map(feeMovementOf)}::text[],
        ${lines.map((line) => line.currency)}::text[],
        ${lines.map((line) => line.createdAt)}::timestamptz[]
      ) AS t (id, type, source, source_kind, reference, claim_tenant, claim_operation,
        amount_cents, fee_cents, movement, fee_movement, currency, created_at)
    ), owned AS (
      SELECT t.*, coalesce(known.tenant_id, claimed.tenant_id, ${owner}::uuid) AS tenant_id,
        coalesce(known.payment_id, claimed.payment_id) AS payment_id
      FROM told t
      LEFT JOIN payment_intents known
        ON known.provider = ${provider} AND known.stripe_intent_id = t.reference
      LEFT JOIN payment_intents claimed
        ON claimed.tenant_id = t.claim_tenant AND claimed.id = t.claim_operation
    ), moved AS (
      DELETE FROM provider_balance_transactions l USING owned o
      WHERE l.provider = ${provider} AND l.id = o.id AND l.tenant_id <> o.tenant_id
    ), stored AS (
      INSERT INTO provider_balance_transactions AS l (tenant_id, provider, id, type, source,
        source_kind, reference, payment_id, amount_cents, fee_cents, movement, fee_movement,
        currency, created_at)
      SELECT tenant_id, ${provider}, id, type, source, source_kind, reference, payment_id,
        amount_cents, fee_cents, movement, fee_movement, currency, created_at
      FROM owned
      ON CONFLICT (tenant_id, provider, id) DO UPDATE SET payment_id = excluded.payment_id,
        amount_cents = excluded.amount_cents, fee_cents = excluded.fee_cents,
        movement = excluded.movement, fee_movement = excluded.fee_movement,
        currency = excluded.currency
        WHERE (l.payment_id, l.amount_cents, l.fee_cents, l.currency) IS DISTINCT FROM
          (excluded.payment_id, excluded.amount_cents, excluded.fee_cents, excluded.currency)
      RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new)::integer AS added FROM stored`;
}
