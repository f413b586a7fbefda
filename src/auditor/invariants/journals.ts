import type { Rule } from './rule.js';

/** I1: double entry. */
export const JOURNALS: readonly Rule[] = [
  {
    invariant: 'I1',
    rule: 'every journal sums to zero in each currency',
    violations: `
      SELECT format('journal %s: %s %s', journal_id, sum(amount_cents), currency) AS found
      FROM ledger_entries GROUP BY tenant_id, journal_id, currency HAVING sum(amount_cents) <> 0`,
  },
  {
    invariant: 'I1',
    rule: 'a journal has entries, an entry its journal',
    violations: `
      SELECT format('journal %s: %s entries', coalesce(j.id, e.journal_id), count(e.journal_id))
        AS found
      FROM ledger_journals j FULL JOIN ledger_entries e
        ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
      GROUP BY j.id, e.journal_id HAVING j.id IS NULL OR count(e.journal_id) < 2`,
  },
];
