import type { TaxRecord } from '../../compliance/compliance.contract.js';
import { account } from '../../ledger/ledger.contract.js';
import { type Parts, share } from './paid-lines.js';
import type { Sale } from './sale.js';

type Line = TaxRecord['lines'][number];

/**
 * The part of a sale's tax that `parts` name by its accounts, as the tax record keeps it: what a
 * partial capture collected, or (`sign` −1) what a refund gave back. Rules that share an account
 * share its part in proportion.
 */
export function taxPart({ price }: Sale, parts: Parts, sign: 1 | -1 = 1): TaxRecord {
  const left = new Map<string, { cents: number; of: number }>();
  for (const line of price.tax.lines) {
    const of = (left.get(keyOf(line))?.of ?? 0) + line.amountCents;
    left.set(keyOf(line), { cents: parts[keyOf(line)] ?? 0, of });
  }
  const lines = price.tax.lines.map((line) => {
    const rest = left.get(keyOf(line)) ?? { cents: 0, of: 0 };
    const amountCents = share(rest.cents, line.amountCents, rest.of - line.amountCents);
    left.set(keyOf(line), { cents: rest.cents - amountCents, of: rest.of - line.amountCents });
    const taxableCents = share(line.taxableCents, amountCents, line.amountCents - amountCents);
    return { ...line, amountCents: sign * amountCents, taxableCents: sign * taxableCents };
  });
  const taxable = Math.max(0, ...lines.map((line) => sign * line.taxableCents));
  return { ...price.tax, taxableAmount: sign * taxable, lines };
}

function keyOf(line: Line): string {
  return account.tax(line.jurisdiction, line.kind);
}
