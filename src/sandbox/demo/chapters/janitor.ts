import { randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { heading, table } from '../print.js';
import { call, expect, pick, purchase, type Stage, until } from '../stage.js';
import { setFaults } from '../stripe.js';
import { showTransaction } from './buy.js';

type Row = Readonly<Record<string, unknown>>;

/** A provider that charges and then answers 500 under that key for ever: the key never tells. */
export async function janitor(stage: Stage): Promise<void> {
  const match = { method: 'POST', path: '^/v1/payment_intents$' };
  // No event helps along: every one of them is late.
  await setFaults(stage, [{ fault: 'sticky500', match, times: 1 }], {
    delayPpm: 1_000_000,
    delayMs: 60_000,
  });
  const path = '/api/v1/payments/process';
  const order = purchase(stage, CARDS.ok);
  const unknown = await call(stage, stage.buyer, 'POST', path, order, randomUUID());
  expect(unknown.status === 202, 'an unknown outcome is answered 202');
  heading(
    'A provider that answers 500 for ever',
    'It has charged, but its key repeats the error; asking again will never tell.',
  );
  showTransaction(unknown);
  const id = String(pick(unknown.body, 'transaction.id'));
  // The history is only read: nobody but the janitor asks the provider.
  const events = await until('the janitor finds the charge', async () => {
    const history = `/api/v1/payments/transaction/${id}/events`;
    const { body } = await call(stage, stage.buyer, 'GET', history);
    const rows = pick(body, 'events') as readonly Row[];
    return rows.some(({ type }) => type === 'payment.succeeded') ? rows : null;
  });
  await setFaults(stage, []);
  heading(
    '… and the janitor that finds the charge',
    'In the provider’s own list, by the id that we put into its metadata. Charged once.',
  );
  table(
    ['#', 'event', 'state', 'at'],
    events.map((event) => ['sequence', 'type', 'status', 'at'].map((name) => String(event[name]))),
  );
}
