/** A difference that a run has to name, in the words of its report. */
export interface Expected {
  readonly cause: string;
  readonly movement: string;
  readonly cents: number;
}

/** One movement of the clearing account with its line, as they stand undamaged. */
export interface Target {
  readonly tenantId: string;
  readonly paymentId: string;
  readonly lineId: string;
  readonly journalId: string;
  readonly movement: string;
  readonly amount: number;
  readonly fee: number;
}

type Query = (text: string, values?: readonly unknown[]) => Promise<unknown>;

/** A way to damage the ledger or the provider's list, and what has to be said of it. */
export interface Damage {
  readonly name: string;
  readonly inflict: (on: Target, by: number, query: Query) => Promise<readonly Expected[]>;
}

const differs = ({ movement }: Target, cents: number): Expected => ({
  cause: 'amount_differs',
  movement,
  cents,
});

export const DAMAGES: readonly Damage[] = [
  {
    name: 'two entries of a journal changed, so that it still sums to zero',
    inflict: async (on, by, query) => {
      await query(
        `UPDATE ledger_entries SET amount_cents = amount_cents + $2::bigint *
            CASE WHEN account LIKE 'provider:%' THEN 1 ELSE -1 END
          WHERE journal_id = $1 AND (account LIKE 'provider:%' OR line = (
            SELECT min(line) FROM ledger_entries
            WHERE journal_id = $1 AND account NOT LIKE 'provider:%'))`,
        [on.journalId, by],
      );
      return [differs(on, -by)];
    },
  },
  {
    name: 'a journal lost',
    inflict: async (on, _, query) => {
      await query('DELETE FROM ledger_entries WHERE journal_id = $1', [on.journalId]);
      await query('DELETE FROM ledger_journals WHERE id = $1', [on.journalId]);
      return [{ cause: 'not_booked', movement: on.movement, cents: on.amount }];
    },
  },
  {
    name: 'a journal without its head',
    inflict: async (on, _, query) => {
      await query('DELETE FROM ledger_journals WHERE id = $1', [on.journalId]);
      return [
        { cause: 'not_booked', movement: on.movement, cents: on.amount },
        { cause: 'missing_at_provider', movement: 'other', cents: -on.amount },
      ];
    },
  },
  {
    name: 'a journal twice',
    inflict: async (on, _, query) => {
      await query(
        `WITH copy AS (SELECT gen_random_uuid() AS id), head AS (
          INSERT INTO ledger_journals SELECT tenant_id, copy.id, kind, reference_id, posted_at
          FROM ledger_journals j, copy WHERE j.id = $1)
        INSERT INTO ledger_entries (tenant_id, journal_id, line, account, code, currency,
          amount_cents, business_date, posted_at)
        SELECT tenant_id, copy.id, line, account, code, currency, amount_cents, business_date,
          posted_at FROM ledger_entries e, copy WHERE e.journal_id = $1`,
        [on.journalId],
      );
      return [{ cause: 'missing_at_provider', movement: on.movement, cents: -on.amount }];
    },
  },
  {
    name: 'a line the provider no longer lists',
    inflict: async (on, _, query) => {
      await query('DELETE FROM provider_balance_transactions WHERE id = $1', [on.lineId]);
      const fee = on.movement === 'charge' ? 'processing_cost' : 'dispute_fee';
      return [
        { cause: 'missing_at_provider', movement: on.movement, cents: -on.amount },
        ...(on.fee === 0 ? [] : [{ cause: 'missing_at_provider', movement: fee, cents: on.fee }]),
      ];
    },
  },
  {
    name: 'another amount in the provider’s list',
    inflict: async (on, by, query) => {
      await query(
        `UPDATE provider_balance_transactions SET amount_cents = amount_cents + $2 WHERE id = $1`,
        [on.lineId, by],
      );
      return [differs(on, by)];
    },
  },
  {
    name: 'a line of nobody',
    inflict: async (on, by, query) => {
      await query(
        `INSERT INTO provider_balance_transactions (tenant_id, provider, id, type, source_kind,
          movement, fee_movement, amount_cents, fee_cents, currency, created_at)
        VALUES ($1, 'stripe', 'txn_' || gen_random_uuid(), 'charge', 'charge', 'charge',
          'processing_cost', $2, 30, 'USD', now())`,
        [on.tenantId, by + 30],
      );
      return [{ cause: 'charge_without_payment', movement: 'charge', cents: by }];
    },
  },
  {
    name: 'a roll-up that is not the sum of its entries',
    inflict: async (on, by, query) => {
      await query(
        `INSERT INTO ledger_balances AS b VALUES
          ($1, 'provider:stripe:clearing', 'USD', 'damage', '2026-01-01', $2)
          ON CONFLICT (tenant_id, account, currency, code, month)
            DO UPDATE SET balance_cents = b.balance_cents + excluded.balance_cents`,
        [on.tenantId, by],
      );
      return [{ cause: 'unexplained', movement: 'none', cents: -by }];
    },
  },
  {
    name: 'tickets that were never sold',
    inflict: async (on, _, query) => {
      await query(`UPDATE tickets SET status = 'held' WHERE payment_id = $1`, [on.paymentId]);
      return [{ cause: 'paid_without_tickets', movement: 'none', cents: 0 }];
    },
  },
];
