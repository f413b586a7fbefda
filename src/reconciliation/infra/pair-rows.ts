import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { account } from '../../ledger/ledger.contract.js';
import { type Movement, MOVEMENT_OF_JOURNAL } from '../domain/movements.js';
import type { Unpaired } from '../domain/unpaired.js';

const KINDS = Object.keys(MOVEMENT_OF_JOURNAL);
const NAMES = Object.values(MOVEMENT_OF_JOURNAL);

/** What stands alone on either side, with what is known of its payment. */
export function unpairedReading(tenantId: Uuid, provider: string): Statement {
  const clearing = account.providerClearing(provider);
  return sql`
    SELECT p.*, coalesce(p.reference, i.stripe_intent_id) AS known_reference,
      coalesce(i.status IN ('PENDING', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORIZED',
        'IN_REVIEW', 'PAYMENT_FAILED', 'CANCELLED', 'EXPIRED'), false) AS payment_open
    FROM reconciliation_pairs(${tenantId}, ${provider}, ${clearing}, ${KINDS}::text[],
      ${NAMES}::text[]) p
    LEFT JOIN payment_intents i ON i.tenant_id = ${tenantId} AND i.payment_id = p.payment_id
    WHERE p.line_id IS NULL OR p.journal_id IS NULL
    ORDER BY coalesce(p.line_at, p.journal_at), coalesce(p.line_id, p.journal_id::text)`;
}

export function unpairedOf(result: Result | undefined): Unpaired[] {
  return (result?.rows ?? []).map((row) => {
    const line = row.line_id as string | null;
    return {
      side: line === null ? 'ledger' : 'provider',
      id: line ?? (row.journal_id as string),
      paymentId: row.payment_id as string | null,
      movement: row.movement as Movement,
      kind: (line === null ? row.journal_kind : row.line_type) as string,
      source: row.source as string | null,
      reference: row.known_reference as string | null,
      cents: row.cents as bigint,
      currency: row.currency as string,
      at: (line === null ? row.journal_at : row.line_at) as Date,
      paymentOpen: row.payment_open as boolean,
    };
  });
}

/** Notes beside each line which journal tells the same of its amount. */
export function noteMatches(tenantId: Uuid, provider: string): Statement {
  const clearing = account.providerClearing(provider);
  return sql`
    UPDATE provider_balance_transactions l SET matched_journal_id = p.journal_id
    FROM reconciliation_pairs(${tenantId}, ${provider}, ${clearing}, ${KINDS}::text[],
      ${NAMES}::text[]) p
    WHERE l.tenant_id = ${tenantId} AND l.provider = ${provider} AND l.id = p.line_id
      AND l.movement = p.movement AND l.matched_journal_id IS DISTINCT FROM p.journal_id`;
}
