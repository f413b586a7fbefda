import { PAYMENT_EVENT } from './auditor-damage.js';

/** Something to damage: whose it is, and the name by which the auditor has to call it. */
export interface Aim {
  readonly paymentId: string;
  readonly id: string;
  /** What sort of thing it is, where the rule depends on that. */
  readonly kind?: string;
}

/** A way to damage a row, drawn with any row of its sort and any number of cents. */
export interface RowDamage {
  readonly name: string;
  /** The rule that has to name it. */
  readonly rule: string | ((aim: Aim) => string);
  /** Everything that can be damaged so: a query of `payment`, `id` and, where needed, `kind`. */
  readonly aims: string;
  readonly statement: (aim: Aim, by: number) => string;
}

const BOOKED_ONCE = 'I4 a sale has one payment.completed and one journal, anything else has none';
const HAS_JOURNALS =
  'I18 a refund and a dispute have their journals, undone when they came to nothing';
const HAS_ENTRIES = 'I1 a journal has entries, an entry its journal';
const ONE_REFUND = 'I3 a refund has one row, which says what its history says';

const JOURNALS = `SELECT reference_id AS payment, id, kind FROM ledger_journals
  WHERE kind IN ('purchase', 'refund_requested', 'refund_paid', 'dispute_opened', 'dispute_won',
    'dispute_lost', 'refund_requested_undone', 'refund_paid_undone')`;
/** As above, where the finding calls the payment by its name. */
const JOURNALS_OF_PAYMENTS = JOURNALS.replace(' id,', ' reference_id AS id,');
const REFUNDS = `SELECT transaction_id AS payment, id, status AS kind FROM payment_refunds`;
const CAPTURED = `SELECT id AS payment, id FROM payment_transactions WHERE captured_cents > 0`;
const PAYMENTS = `SELECT id AS payment, id FROM payment_transactions`;
const DISPUTES = `SELECT payment_id AS payment, id, status AS kind FROM payment_disputes`;
const TICKETS = `SELECT payment_id AS payment, id FROM tickets`;

const bookedOrNot = ({ kind }: Aim) => (kind === 'purchase' ? BOOKED_ONCE : HAS_JOURNALS);
/** One journal of the aim's sort, where the finding names the payment. */
const itsJournal = ({ paymentId, kind }: Aim) => `(SELECT min(id::text)::uuid FROM ledger_journals
  WHERE reference_id = '${paymentId}' AND kind = '${String(kind)}')`;
const payment = (set: string) => (aim: Aim) =>
  `UPDATE payment_transactions SET ${set} WHERE id = '${aim.id}'`;

export const ROW_DAMAGES: readonly RowDamage[] = [
  {
    name: 'an entry changed',
    rule: 'I1 every journal sums to zero in each currency',
    aims: JOURNALS,
    statement: ({ id }, by) => `UPDATE ledger_entries SET amount_cents = amount_cents + ${by}
      WHERE journal_id = '${id}' AND line = ${by} % (SELECT count(*) FROM ledger_entries
        WHERE journal_id = '${id}') + (SELECT min(line) FROM ledger_entries
        WHERE journal_id = '${id}')`,
  },
  {
    name: 'two entries changed, so that they still sum to zero',
    rule: ({ kind }) =>
      kind === 'purchase'
        ? 'I18 what is captured is what a sale’s journal took in'
        : 'I18 the provider’s account holds of a payment what was captured and did not go back',
    aims: `${JOURNALS_OF_PAYMENTS} AND kind NOT LIKE 'refund_requested%' AND kind <> 'dispute_lost'`,
    statement: (aim, by) => `UPDATE ledger_entries SET amount_cents = amount_cents + ${by} *
        CASE WHEN account LIKE 'provider:%' THEN 1 ELSE -1 END
      WHERE journal_id = ${itsJournal(aim)} AND (account LIKE 'provider:%' OR line = (
        SELECT min(line) FROM ledger_entries
        WHERE journal_id = ${itsJournal(aim)} AND account NOT LIKE 'provider:%'))`,
  },
  {
    name: 'a journal lost',
    rule: bookedOrNot,
    aims: JOURNALS_OF_PAYMENTS,
    statement: (aim) => `DELETE FROM ledger_entries WHERE journal_id = ${itsJournal(aim)};
      DELETE FROM ledger_journals WHERE id = ${itsJournal(aim)}`,
  },
  {
    name: 'a journal twice',
    rule: bookedOrNot,
    aims: JOURNALS_OF_PAYMENTS,
    statement: (aim) => `WITH copy AS (SELECT gen_random_uuid() AS id), head AS (
        INSERT INTO ledger_journals SELECT tenant_id, copy.id, kind, reference_id, posted_at
        FROM ledger_journals j, copy WHERE j.id = ${itsJournal(aim)})
      INSERT INTO ledger_entries (tenant_id, journal_id, line, account, code, currency,
        amount_cents, business_date, posted_at)
      SELECT tenant_id, copy.id, line, account, code, currency, amount_cents, business_date,
        posted_at FROM ledger_entries e, copy WHERE e.journal_id = ${itsJournal(aim)}`,
  },
  {
    name: 'a journal without its head',
    rule: HAS_ENTRIES,
    aims: JOURNALS,
    statement: ({ id }) => `DELETE FROM ledger_journals WHERE id = '${id}'`,
  },
  {
    name: 'a journal without its entries',
    rule: HAS_ENTRIES,
    aims: JOURNALS,
    statement: ({ id }) => `DELETE FROM ledger_entries WHERE journal_id = '${id}'`,
  },
  {
    name: 'a journal in another currency',
    rule: 'I18 a journal is in its payment’s currency',
    aims: JOURNALS,
    statement: ({ id }) => `UPDATE ledger_entries SET currency = 'EUR' WHERE journal_id = '${id}'`,
  },
  {
    name: 'another amount refunded',
    rule: ONE_REFUND,
    aims: REFUNDS,
    statement: ({ id }, by) =>
      `UPDATE payment_refunds SET amount = amount + ${by} WHERE id = '${id}'`,
  },
  {
    name: 'a refund lost',
    rule: ONE_REFUND,
    aims: REFUNDS,
    statement: ({ id }) => `DELETE FROM payment_refunds WHERE id = '${id}'`,
  },
  {
    name: 'a refund that has ended otherwise',
    rule: ONE_REFUND,
    aims: REFUNDS,
    statement: ({ id, kind }) => `UPDATE payment_refunds
      SET status = '${kind === 'failed' ? 'completed' : 'failed'}' WHERE id = '${id}'`,
  },
  {
    name: 'a refund with another reference',
    rule: 'I3 what we say is refunded is at the provider',
    aims: `${REFUNDS} WHERE status IN ('completed', 'processing')`,
    statement: ({ id }, by) =>
      `UPDATE payment_refunds SET stripe_refund_id = 're_${by}' WHERE id = '${id}'`,
  },
  {
    name: 'a card number in a refund’s reason',
    rule: 'I16 no stored event, answer or record holds a card number',
    aims: REFUNDS,
    statement: ({ id }) =>
      `UPDATE payment_refunds SET reason = 'card 4242 4242 4242 4242' WHERE id = '${id}'`,
  },
  {
    name: 'a payment that shows other refunds',
    rule: 'I3 a payment shows what its refunds and disputes sum to',
    aims: CAPTURED,
    statement: (aim, by) => payment(`refunded_cents = refunded_cents + ${by}`)(aim),
  },
  {
    name: 'a payment that shows more captured',
    rule: 'I18 what is captured is what a sale’s journal took in',
    aims: CAPTURED,
    statement: (aim, by) => payment(`captured_cents = captured_cents + ${by}`)(aim),
  },
  {
    name: 'another fee of the platform',
    rule: 'I18 tickets, fees and taxes make the total',
    aims: PAYMENTS,
    statement: (aim, by) => payment(`platform_fee = platform_fee + ${by}`)(aim),
  },
  {
    name: 'a payment in a state that it never came to',
    rule: 'I17 a history is a path of the declared state machine that ends in the state shown',
    aims: CAPTURED,
    statement: payment(`status = 'EXPIRED'`),
  },
  {
    name: 'a payment in another currency',
    rule: 'I2 a charge’s operation is its payment’s own',
    aims: PAYMENTS,
    statement: payment(`currency = 'CAD'`),
  },
  {
    name: 'an operation of another amount',
    rule: 'I2 a charge’s operation is its payment’s own',
    aims: PAYMENTS,
    statement: ({ id }, by) =>
      `UPDATE payment_intents SET amount = amount + ${by} WHERE payment_id = '${id}'`,
  },
  {
    name: 'an event of the history lost',
    rule: 'I17 events are numbered without a gap, and the projection is at the last',
    aims: PAYMENTS,
    statement: ({ id }, by) => `DELETE FROM payment_event_sequence WHERE payment_id = '${id}'
      AND sequence_number = ${by} % (SELECT max(sequence_number) FROM payment_event_sequence
        WHERE payment_id = '${id}') + 1`,
  },
  {
    name: 'an event of the history that is another one',
    rule: 'I17 a history is a path of the declared state machine that ends in the state shown',
    aims: CAPTURED,
    statement: ({ id }) => `${PAYMENT_EVENT} event_type = 'payment.voided'
      WHERE payment_id = '${id}' AND event_type IN ('payment.succeeded', 'payment.captured')`,
  },
  {
    name: 'a sale of which nobody was told',
    rule: BOOKED_ONCE,
    aims: `SELECT aggregate_id AS payment, aggregate_id AS id FROM outbox
      WHERE event_type = 'payment.completed'`,
    statement: ({ id }) =>
      `DELETE FROM outbox WHERE event_type = 'payment.completed' AND aggregate_id = '${id}'`,
  },
  {
    name: 'an event that nobody was told of for an hour',
    rule: 'I7 an event reaches those who follow it',
    aims: `SELECT p.id AS payment, o.event_id AS id FROM outbox o
      JOIN payment_transactions p ON p.id = o.aggregate_id`,
    statement: ({ id }) => `UPDATE outbox SET processed_at = NULL,
      created_at = now() - interval '1 hour' WHERE event_id = '${id}'`,
  },
  {
    name: 'a ticket lost',
    rule: 'I4 a payment has the tickets it was begun with',
    aims: `SELECT payment_id AS payment, payment_id AS id, id AS kind FROM tickets`,
    statement: ({ kind }) => `DELETE FROM tickets WHERE id = '${String(kind)}'`,
  },
  {
    name: 'a ticket that is somebody’s or nobody’s, against its payment',
    rule: 'I4 tickets are held, sold, refunded or released as their payment and its refunds say',
    aims: TICKETS,
    statement: ({ id }) => `UPDATE tickets SET
      status = CASE status WHEN 'sold' THEN 'held' ELSE 'sold' END WHERE id = '${id}'`,
  },
  {
    name: 'a tax lost',
    rule: 'I18 the tax on record is what was collected less what went back',
    aims: `SELECT DISTINCT transaction_id AS payment, transaction_id AS id FROM tax_collections
      WHERE total_tax <> 0`,
    statement: ({ id }) => `DELETE FROM tax_collections WHERE ctid = (SELECT min(ctid)
      FROM tax_collections WHERE transaction_id = '${id}' AND total_tax <> 0)`,
  },
  {
    name: 'an answer lost',
    rule: 'I15 what is final has its answer stored, what is open has none',
    aims: `SELECT resource_id AS payment, resource_id AS id FROM payment_idempotency
      WHERE operation = 'process' AND status_code IS NOT NULL`,
    statement: ({ id }) => `UPDATE payment_idempotency SET status_code = NULL, response = NULL
      WHERE resource_id = '${id}'`,
  },
  {
    name: 'an answer of another request',
    rule: 'I15 a stored answer tells of the key’s own request',
    aims: `SELECT resource_id AS payment, resource_id AS id FROM payment_idempotency
      WHERE operation = 'process' AND status_code = 200`,
    statement: ({ id }) => `UPDATE payment_idempotency SET
      response = replace(response, '${id}', gen_random_uuid()::text) WHERE resource_id = '${id}'`,
  },
  {
    name: 'another amount disputed',
    rule: 'I3 a dispute’s row says what the provider says',
    aims: DISPUTES,
    statement: ({ id }, by) =>
      `UPDATE payment_disputes SET amount_cents = amount_cents + ${by} WHERE id = '${id}'`,
  },
  {
    name: 'a dispute that has ended otherwise',
    rule: 'I3 a dispute’s row says what the provider says',
    aims: DISPUTES,
    statement: ({ id, kind }) => `UPDATE payment_disputes
      SET status = '${kind === 'won' ? 'lost' : 'won'}' WHERE id = '${id}'`,
  },
];
