import type { TruthDump } from '../../src/sandbox/stripe/truth.js';
import { type RunningApp, startApp } from '../support/app.js';
import { checkInvariants } from '../support/invariants/index.js';
import { newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';

let running: RunningApp;
let damaged: string;

/** A world with a sale and a declined card, whose application has gone: its database is copied. */
beforeAll(async () => {
  running = await startApp();
  const shop = new Shop(running.world);
  const buyer = await shop.buyer(running.url);
  const seated = shop.event({ seated: true });
  const paid = await buyer.pay(PROCESS, orderOf(seated, { seats: ['A1', 'A2'] }));
  expect(paid.status).toBe(200);
  const declined = orderOf(shop.event(), { card: 'pm_card_chargeDeclined' });
  expect((await buyer.pay(PROCESS, declined)).status).toBe(402);
  await running.app.close();
});
afterAll(() => running.world.close());

beforeEach(async () => {
  const url = new URL(running.world.description.databaseUrl);
  const original = url.pathname.slice(1);
  url.pathname += '_damaged';
  damaged = url.toString();
  const copy = `${original}_damaged`;
  await onServer(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
  await onServer(`CREATE DATABASE ${copy} TEMPLATE ${original} STRATEGY file_copy`);
});
afterAll(() => onServer(`DROP DATABASE IF EXISTS ${new URL(damaged).pathname.slice(1)}`));

/** On a database of the server that is neither the original nor the copy. */
function onServer(statement: string) {
  const url = new URL(running.world.description.databaseUrl);
  url.pathname = '/postgres';
  return query({ description: { databaseUrl: url.toString() } }, statement);
}

const audit = (truth: () => TruthDump = () => running.world.stripe.truth()) =>
  checkInvariants({ description: { databaseUrl: damaged }, stripe: { truth } });

/** As nobody but a superuser can: no trigger runs, so that the auditor is all that is left. */
const damage = (statement: string) =>
  query(
    { description: { databaseUrl: damaged } },
    `SET session_replication_role = replica; ${statement}`,
  );

it('finds nothing in a healthy world', async () => {
  expect(await audit()).toEqual([]);
});

/** Each statement damages one thing; the auditor must name at least these invariants. */
const DAMAGES: readonly (readonly [what: string, statement: string, found: readonly string[]])[] = [
  [
    'a cent that appears',
    `UPDATE ledger_entries SET amount_cents = amount_cents + 1 WHERE code = 'charge'`,
    ['I1', 'I18'],
  ],
  ['a journal without entries', `DELETE FROM ledger_entries`, ['I1', 'I5', 'I18']],
  [
    'an amount that is not the provider’s',
    `UPDATE payment_transactions SET captured_cents = captured_cents - 1 WHERE status = 'PAID'`,
    ['I2', 'I18'],
  ],
  [
    'a payment that the provider never charged',
    `UPDATE payment_transactions SET status = 'PAID' WHERE status = 'PAYMENT_FAILED'`,
    ['I2', 'I4', 'I15', 'I17'],
  ],
  ['a completed sale nobody hears of', `DELETE FROM outbox`, ['I4']],
  ['a sold ticket that is free again', `UPDATE tickets SET status = 'released'`, ['I4', 'I12']],
  ['a seat without its hold', `DELETE FROM ticket_holds WHERE seat = 'A1'`, ['I4']],
  ['a ticket that vanishes', `DELETE FROM tickets WHERE seat = 'A1'`, ['I4', 'I12']],
  [
    'a roll-up that counts twice',
    `SELECT ledger_roll_up(); UPDATE ledger_balances SET balance_cents = balance_cents * 2`,
    ['I5'],
  ],
  ['a seat sold twice', `UPDATE tickets SET seat = 'A1' WHERE seat = 'A2'`, ['I4', 'I12']],
  ['more sold than there is', `UPDATE capacity_pools SET capacity = 1`, ['I12']],
  [
    'capacity that leaks',
    `UPDATE capacity_shards SET taken = taken + 1 WHERE taken < capacity`,
    ['I12'],
  ],
  [
    'a payment that is forgotten',
    `UPDATE payment_transactions SET status = 'UNKNOWN' WHERE status = 'PAYMENT_FAILED';
     UPDATE payment_intents SET status = 'UNKNOWN' WHERE status = 'PAYMENT_FAILED'`,
    ['I14', 'I15', 'I17'],
  ],
  ['a lost answer', `UPDATE payment_idempotency SET status_code = NULL, response = NULL`, ['I15']],
  [
    'the answer of another payment',
    `UPDATE payment_idempotency SET response = replace(response, resource_id::text, gen_random_uuid()::text)`,
    ['I15'],
  ],
  [
    'two payments of one key',
    `UPDATE payment_transactions SET idempotency_key = (SELECT min(idempotency_key::text)::uuid
      FROM payment_idempotency)`,
    ['I15'],
  ],
  [
    'a gap in history',
    `UPDATE payment_event_sequence SET sequence_number = 4 WHERE sequence_number = 3`,
    ['I17'],
  ],
  [
    'an undeclared step',
    `UPDATE payment_event_sequence SET event_type = 'payment.captured' WHERE sequence_number = 3`,
    ['I17'],
  ],
  [
    'a total that is not the sum of its lines',
    `UPDATE payment_transactions SET platform_fee = platform_fee + 1`,
    ['I18'],
  ],
];

it.each(DAMAGES)('finds %s', async (_, statement, found) => {
  await damage(statement);
  const numbers = (await audit()).map((violation) => violation.split(' ')[0]);
  expect([...new Set(numbers)]).toEqual(expect.arrayContaining([...found]));
});

it('finds a charge that no payment knows, and a second one of a payment', async () => {
  const truth = running.world.stripe.truth();
  const [charge] = truth.charges.filter(({ status }) => status === 'succeeded');
  if (!charge) throw new Error('something was charged');
  const orphan = { ...charge, id: 'ch_orphan', metadata: { payment_id: newKey() } };
  const second = { ...charge, id: 'ch_second' };
  const found = await audit(() => ({ ...truth, charges: [charge, orphan, second] }));
  expect(found).toEqual([
    expect.stringMatching(/^I2 .*ch_orphan/),
    expect.stringMatching(/^I2 .*2 charges/),
  ]);
});
