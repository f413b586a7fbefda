import * as z from 'zod';
import type { Uuid } from '../../kernel/ids.js';
import { toCents, toPpm } from '../../kernel/money/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { SpecialTaxRule } from '../domain/special-rules.js';

const row = z.object({
  id: z.string(),
  scope: z.enum(['jurisdiction', 'venue']),
  scope_ref: z.string(),
  name: z.string(),
  rate_ppm: z.int().nullable(),
  per_ticket_cents: z.union([z.bigint(), z.string().transform(BigInt)]).nullable(),
  base: z.enum(['tickets', 'tickets_and_fees']),
  effective_from: z.iso.date(),
  effective_to: z.iso.date().nullable(),
});

/**
 * Reads a tenant's special tax rules in force on a day: the venue's own and those of jurisdictions,
 * which `TaxRules.quote` narrows to the place. For the caller's own pipelined read.
 */
export function specialTaxRulesStatement(
  tenantId: Uuid,
  venueId: Uuid | undefined,
  saleDate: string,
): Statement {
  return sql`
    SELECT id, scope, scope_ref, name, rate_ppm, per_ticket_cents, base, effective_from, effective_to
    FROM tax_special_rules
    WHERE tenant_id = ${tenantId}::uuid
      AND effective_from <= ${saleDate}::date
      AND (effective_to IS NULL OR effective_to > ${saleDate}::date)
      AND (scope = 'jurisdiction' OR (scope = 'venue' AND scope_ref = ${venueId ?? null}::text))
    ORDER BY id`;
}

/** The rows of `specialTaxRulesStatement`. Throws on a row of another shape. */
export function parseSpecialTaxRules(
  rows: readonly Readonly<Record<string, unknown>>[],
): SpecialTaxRule[] {
  return rows.map((raw) => {
    const found = row.parse(raw);
    return {
      id: found.id,
      scope: found.scope,
      scopeRef: found.scope_ref,
      name: found.name,
      ratePpm: found.rate_ppm === null ? null : toPpm(found.rate_ppm),
      perTicketCents: found.per_ticket_cents === null ? null : toCents(found.per_ticket_cents),
      base: found.base,
      effectiveFrom: found.effective_from,
      effectiveTo: found.effective_to,
    };
  });
}
