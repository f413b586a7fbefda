import { type Damage, ONE, PAYMENT_EVENT } from './auditor-damage.js';

/** Journals, charges, refunds, disputes, balances and prices: I1, I2, I3, I5, I18. */
export const MONEY_DAMAGES: readonly Damage[] = [
  {
    rule: 'I1 every journal sums to zero in each currency',
    statement: `UPDATE ledger_entries SET amount_cents = amount_cents + 1
      WHERE ${ONE('ledger_entries')}`,
  },
  {
    rule: 'I1 a journal has entries, an entry its journal',
    statement: `DELETE FROM ledger_journals WHERE ${ONE('ledger_journals')}`,
  },
  {
    rule: 'I2 a charge belongs to one payment of the same amount and currency',
    statement: `UPDATE payment_transactions SET currency = 'EUR' WHERE status = 'PAID'`,
  },
  {
    rule: 'I2 what is only authorized is authorized here',
    statement: `UPDATE payment_transactions SET status = 'EXPIRED' WHERE status = 'AUTHORIZED'`,
  },
  {
    rule: 'I2 what is paid or authorized was charged',
    statement: `UPDATE payment_transactions SET status = 'PAID' WHERE status = 'PAYMENT_FAILED'`,
  },
  {
    rule: 'I2 money is in when the payment says so, and then only',
    statement: `UPDATE payment_transactions SET captured_cents = 0 WHERE status = 'PAID'`,
  },
  {
    rule: 'I2 a charge’s operation is its payment’s own',
    statement: `UPDATE payment_intents SET amount = amount + 1`,
  },
  {
    rule: 'I3 what is refunded, on its way back, disputed or lost is within what was captured',
    statement: `UPDATE payment_refunds SET amount = 1000000 WHERE status = 'completed'`,
  },
  {
    rule: 'I3 a payment shows what its refunds and disputes sum to',
    statement: `UPDATE payment_transactions SET lost_cents = lost_cents - 1 WHERE lost_cents > 0`,
  },
  {
    rule: 'I3 a refund has one row, which says what its history says',
    statement: `DELETE FROM payment_refunds WHERE status = 'failed'`,
  },
  {
    rule: 'I3 a refund at the provider is one of ours, of the same amount and as far along',
    statement: `UPDATE payment_refunds SET status = 'failed' WHERE status = 'completed'`,
  },
  {
    rule: 'I3 what we say is refunded is at the provider',
    statement: `UPDATE payment_refunds SET stripe_refund_id = 're_none' WHERE amount = 900`,
  },
  {
    rule: 'I3 no line of a sale gives back more than it took',
    statement: `${PAYMENT_EVENT} payload = jsonb_set(payload, '{terms,parts,tickets}', '999999')
      WHERE event_type = 'refund.initiated'`,
  },
  {
    rule: 'I3 a refund is the sum of the buyer’s parts',
    statement: `${PAYMENT_EVENT} payload = payload #- '{terms,parts,tickets}'
      WHERE event_type = 'refund.initiated'`,
  },
  {
    rule: 'I3 a dispute covers no more than was disputed',
    statement: `${PAYMENT_EVENT} payload = jsonb_set(payload, '{terms,parts,tickets}', '999999')
      WHERE event_type = 'dispute.opened'`,
  },
  {
    rule: 'I3 a dispute’s row says what the provider says',
    statement: `UPDATE payment_disputes SET status = 'won' WHERE status = 'lost'`,
  },
  {
    rule: 'I5 a rolled-up balance is the sum of its entries',
    statement: `SELECT ledger_roll_up(); UPDATE ledger_balances SET balance_cents = balance_cents + 1
      WHERE ${ONE('ledger_balances')}`,
  },
  {
    rule: 'I5 no account of a venue is on the wrong side',
    statement: `UPDATE ledger_entries SET amount_cents = -amount_cents
      WHERE account LIKE 'venue:%:pending' AND code = 'tickets'`,
  },
  {
    rule: 'I5 a venue’s accounts hold what its sales, refunds and disputes leave it',
    statement: `UPDATE ledger_entries SET amount_cents = amount_cents - 1
      WHERE account LIKE 'venue:%:pending' AND code = 'tickets'`,
  },
  {
    rule: 'I18 tickets, fees and taxes make the total',
    statement: `UPDATE payment_transactions SET platform_fee = platform_fee + 1`,
  },
  {
    rule: 'I18 a sale’s journal books each line of its price, a part of it to the cent',
    statement: `UPDATE ledger_entries SET code = 'gas_fee' WHERE code = 'platform_fee'`,
  },
  {
    rule: 'I18 what is captured is what a sale’s journal took in',
    statement: `UPDATE ledger_entries SET amount_cents = amount_cents + 1 WHERE code = 'charge'`,
  },
  {
    rule: 'I18 a journal is in its payment’s currency',
    statement: `UPDATE ledger_entries SET currency = 'EUR' WHERE code = 'refund'`,
  },
  {
    rule: 'I18 the tax on record is what was collected less what went back',
    statement: `DELETE FROM tax_collections WHERE total_tax < 0`,
  },
  {
    rule: 'I18 the provider’s account holds of a payment what was captured and did not go back',
    statement: `UPDATE ledger_journals SET kind = 'adjustment' WHERE kind = 'refund_paid'`,
  },
  {
    rule: 'I18 a dispute’s fee is booked as the provider took it',
    statement: `UPDATE ledger_entries SET amount_cents = 2 * amount_cents
      WHERE code = 'dispute_fee'`,
  },
  {
    rule: 'I18 what is pending, disputed or reserved is set aside, and nothing else',
    statement: `UPDATE ledger_entries SET account = 'platform:fees'
      WHERE account = 'disputes:held'`,
  },
  {
    rule: 'I18 a refund and a dispute have their journals, undone when they came to nothing',
    statement: `DELETE FROM ledger_journals WHERE kind = 'refund_requested_undone'`,
  },
  {
    rule: 'I18 what is undone is undone entry by entry',
    statement: `UPDATE ledger_entries SET account = 'platform:fees' WHERE code = 'refund_tickets'
      AND journal_id IN (SELECT id FROM ledger_journals WHERE kind = 'refund_requested_undone')`,
  },
  {
    rule: 'I18 a refund and a lost dispute take of each line what was decided',
    statement: `UPDATE ledger_entries SET amount_cents = amount_cents + 1 WHERE code = 'refund_tax'`,
  },
];
