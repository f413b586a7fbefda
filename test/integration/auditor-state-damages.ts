import { type Damage, ONE, PAYMENT_EVENT } from './auditor-damage.js';

/** So many of the tickets of all payments in a state count, whatever was counted before. */
const counting = (status: string, counted: number, stage: string): string =>
  `INSERT INTO purchase_limit_reservations (tenant_id, payment_id, event_id, quantity, counted,
      stage, kinds, subjects, allowed)
    SELECT tenant_id, id, event_id, 2, ${counted}, '${stage}', '{user}', ARRAY[user_id], '{4}'
    FROM payment_transactions WHERE status = '${status}'
    ON CONFLICT (tenant_id, payment_id) DO UPDATE
      SET counted = ${counted}, stage = '${stage}'`;

/** An access that is bound to, or spent by, the first payment of a kind; null for none that there is. */
const access = (status: string, payment: string | null): string =>
  `INSERT INTO waiting_room_access
      (tenant_id, jti, event_id, queue_id, user_id, status, expires_at, lease_until, payment_id)
    SELECT tenant_id, gen_random_uuid(), event_id, gen_random_uuid(), user_id, '${status}', now(),
      now(), ${payment === null ? 'gen_random_uuid()' : 'id'}
    FROM payment_transactions WHERE ${payment ?? 'true'} LIMIT 1`;

/** Tickets, messages, capacity, tenants, operations, keys and histories: I4, I7 to I17. */
export const STATE_DAMAGES: readonly Damage[] = [
  {
    rule: 'I4 a sale has one payment.completed and one journal, anything else has none',
    statement: `DELETE FROM outbox WHERE event_type = 'payment.completed'`,
  },
  {
    rule: 'I4 late money has one journal of its own',
    statement: `UPDATE ledger_journals SET kind = 'late_charge' WHERE kind = 'purchase'`,
  },
  {
    rule: 'I4 tickets are held, sold, refunded or released as their payment and its refunds say',
    statement: `UPDATE tickets SET status = 'sold' WHERE status = 'refunded'`,
  },
  {
    rule: 'I4 a refund frees a place, or does not, by its policy',
    statement: `UPDATE tickets SET place_freed = NOT place_freed WHERE status = 'refunded'`,
  },
  {
    rule: 'I4 a payment has the tickets it was begun with',
    statement: `DELETE FROM tickets WHERE status = 'released'`,
  },
  {
    rule: 'I4 a seat is held for exactly the living ticket that names it',
    statement: `DELETE FROM ticket_holds WHERE seat = 'A1'`,
  },
  {
    rule: 'I4 a bound order is told of once, and its payment was paid',
    statement: `INSERT INTO payment_orders (tenant_id, order_id, payment_id, bound_by)
      SELECT tenant_id, 'o1', id, 'nobody' FROM payment_transactions
      WHERE status = 'PAYMENT_FAILED'`,
  },
  {
    rule: 'I7 an event reaches those who follow it',
    statement: `UPDATE outbox SET processed_at = NULL, created_at = now() - interval '1 hour'`,
  },
  {
    rule: 'I7 nobody acted on an event that was never published',
    statement: `INSERT INTO event_inbox SELECT tenant_id, gen_random_uuid(), 'somebody'
      FROM payment_transactions LIMIT 1`,
  },
  {
    rule: 'I7 each step of a refund or dispute is told of once',
    statement: `DELETE FROM outbox WHERE event_type = 'refund.reversed'`,
  },
  {
    rule: 'I7 what a saga asks for is done',
    statement: `INSERT INTO saga_commands (tenant_id, id, saga, key, event_id, type, payload, status)
      SELECT tenant_id, gen_random_uuid(), 's', 'k', gen_random_uuid(), 'Act', '{}', 'failed'
      FROM payment_transactions LIMIT 1`,
  },
  {
    rule: 'I8 a provider’s event ends processed or with a human',
    statement: `UPDATE webhook_inbox SET status = 'processing', processed_at = NULL,
      lease_until = now() - interval '1 hour' WHERE ${ONE('webhook_inbox')}`,
  },
  {
    rule: 'I12 never more tickets than there are',
    statement: `UPDATE capacity_pools SET capacity = 1`,
  },
  {
    rule: 'I12 the capacity taken is that of the living tickets',
    statement: `UPDATE capacity_shards SET taken = taken + 1 WHERE taken < capacity`,
  },
  {
    rule: 'I12 a seat is sold once',
    statement: `UPDATE tickets SET seat = 'A1' WHERE seat = 'A2'`,
  },
  {
    rule: 'I12 an order has one living payment',
    statement: `DROP INDEX payment_transactions_order;
      UPDATE payment_transactions SET order_id = 'o1'`,
  },
  {
    rule: 'I12 no user, card or address has more of an event than its limit',
    statement: `ALTER TABLE purchase_limit_counters DROP CONSTRAINT purchase_limit_counters_check;
      INSERT INTO purchase_limit_counters
        (tenant_id, event_id, kind, subject, reserved, confirmed, allowed)
      SELECT tenant_id, gen_random_uuid(), 'user', user_id, 2, 3, 4
      FROM payment_transactions LIMIT 1`,
  },
  {
    rule: 'I12 what is counted is what its reservations sum to',
    statement: `INSERT INTO purchase_limit_counters
        (tenant_id, event_id, kind, subject, reserved, allowed)
      SELECT tenant_id, gen_random_uuid(), 'user', user_id, 2, 4
      FROM payment_transactions LIMIT 1`,
  },
  {
    rule: 'I12 a payment counts while it may be paid, and as bought when it is',
    statement: counting('PAYMENT_FAILED', 2, 'reserved'),
  },
  {
    rule: 'I12 every ticket that somebody has counts',
    statement: counting('PAID', 1, 'confirmed'),
  },
  {
    rule: 'I12 every ticket that somebody has counts',
    statement: `DELETE FROM purchase_limit_reservations WHERE payment_id = (
      SELECT id FROM payment_transactions WHERE status = 'PAID' ORDER BY created_at DESC LIMIT 1)`,
  },
  ...(
    [
      ['reserved', `status = 'PAID'`],
      ['reserved', `status = 'AUTHORIZED'`],
      ['reserved', null],
      ['consumed', `status = 'PAYMENT_FAILED'`],
      ['consumed', null],
    ] as const
  ).map(([status, payment]) => ({
    rule: 'I12 an access is bound while its payment is under way, and spent by one that went through',
    statement: access(status, payment),
  })),
  {
    rule: 'I13 a table with a tenant is under row-level security, its owner too',
    statement: `ALTER TABLE payment_refunds NO FORCE ROW LEVEL SECURITY`,
  },
  {
    rule: 'I13 a table has a tenant, but for the few that are nobody’s',
    statement: `CREATE TABLE stray (id uuid)`,
  },
  {
    rule: 'I13 a unique key holds the tenant',
    statement: `CREATE UNIQUE INDEX stray ON tickets (id)`,
  },
  {
    rule: 'I13 the application of a tenant that is nobody’s sees no row',
    statement: `ALTER TABLE tickets DISABLE ROW LEVEL SECURITY`,
  },
  {
    rule: 'I13 what belongs to a payment belongs to its tenant',
    statement: `UPDATE payment_refunds SET tenant_id = gen_random_uuid()`,
  },
  {
    rule: 'I14 no payment stays open',
    statement: `UPDATE payment_transactions SET status = 'UNKNOWN' WHERE status = 'PAYMENT_FAILED'`,
  },
  {
    rule: 'I14 no payment stays open',
    statement: `UPDATE payment_transactions SET created_at = now() - interval '8 days'
      WHERE status = 'AUTHORIZED'`,
  },
  {
    rule: 'I14 no refund stays unknown',
    statement: `UPDATE payment_refunds SET status = 'pending' WHERE status = 'processing'`,
  },
  {
    rule: 'I14 no capture and no void stays unknown',
    statement: `UPDATE payment_operations SET status = 'open' WHERE kind = 'capture'`,
  },
  {
    rule: 'I14 what is open is due again, what has ended is not',
    statement: `UPDATE payment_refunds SET next_attempt_at = NULL WHERE status = 'processing'`,
  },
  {
    rule: 'I15 what is final has its answer stored, what is open has none',
    statement: `UPDATE payment_idempotency SET status_code = NULL, response = NULL
      WHERE operation = 'refund'`,
  },
  {
    rule: 'I15 what is final has its answer stored, what is open has none',
    statement: `DELETE FROM payment_idempotency WHERE operation = 'capture'`,
  },
  {
    rule: 'I15 a declined payment answers 402, and no other does',
    statement: `UPDATE payment_idempotency SET status_code = 200 WHERE status_code = 402`,
  },
  {
    rule: 'I15 a stored answer tells of the key’s own request',
    statement: `UPDATE payment_idempotency SET response =
      replace(response, resource_id::text, gen_random_uuid()::text) WHERE operation = 'refund'`,
  },
  {
    rule: 'I15 a key has one effect',
    statement: `UPDATE payment_refunds SET (requested_by, idempotency_key) =
      (SELECT requested_by, idempotency_key FROM payment_refunds LIMIT 1)`,
  },
  {
    rule: 'I16 no stored event, answer or record holds a card number',
    statement: `UPDATE payment_refunds SET reason = 'my card 4242 4242 4242 4242'
      WHERE ${ONE('payment_refunds')}`,
  },
  {
    rule: 'I16 no stored event, answer or record holds a secret, a token or an e-mail address',
    statement: `UPDATE outbox SET payload = payload || '{"to": "buyer@example.com"}'
      WHERE ${ONE('outbox')}`,
  },
  {
    rule: 'I17 events are numbered without a gap, and the projection is at the last',
    statement: `DELETE FROM payment_event_sequence WHERE event_type = 'payment.processing'`,
  },
  {
    rule: 'I17 a history is a path of the declared state machine that ends in the state shown',
    statement: `${PAYMENT_EVENT} event_type = 'payment.captured'
      WHERE event_type = 'payment.succeeded'`,
  },
  {
    rule: 'I17 a refund and a dispute begin once, go on in order and end once',
    statement: `${PAYMENT_EVENT} event_type = 'refund.completed'
      WHERE event_type = 'refund.reversed'`,
  },
  {
    rule: 'I17 money that is in stands where its refunds and disputes leave it',
    statement: `UPDATE payment_transactions SET status = 'REFUNDED'
      WHERE status = 'PARTIALLY_REFUNDED'`,
  },
];
