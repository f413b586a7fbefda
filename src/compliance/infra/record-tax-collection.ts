import type { Uuid } from '../../kernel/ids.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { recordedTax, type TaxRecord } from '../domain/tax-record.js';

export interface TaxCollection {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  /** The payment the tax was collected with. */
  readonly transactionId: Uuid;
  /** As the sale stored it when it was priced, or a part of that. */
  readonly tax: TaxRecord;
  /** ISO 4217. */
  readonly currency: string;
  readonly createdAt: Date;
}

/** Writes what was collected (or, negative, given back) with the batch that moves the money. A second row with the id is refused (23505). */
export function recordTaxCollection(collection: TaxCollection): Statement {
  const { tenantId, id, transactionId, tax, currency, createdAt } = collection;
  return sql`
    INSERT INTO tax_collections (tenant_id, id, transaction_id, state_tax, local_tax, special_tax,
      total_tax, currency, jurisdiction, breakdown, created_at)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${transactionId}::uuid,
      ${recordedTax(tax, 'state')}::bigint, ${recordedTax(tax, 'local')}::bigint,
      ${recordedTax(tax, 'special')}::bigint, ${recordedTax(tax)}::bigint, ${currency},
      ${tax.jurisdiction}, ${tax}::jsonb, ${createdAt}::timestamptz)`;
}
