import { setTimeout as sleep } from 'node:timers/promises';
import { dollars, heading, table } from '../print.js';
import { call, expect, pick, type Stage, until } from '../stage.js';
import { emulator, setFaults } from '../stripe.js';

interface Delivered {
  readonly event: string;
  readonly type: string;
}

const EVERYTHING = 1_000_000;
const TIMES = 20;
const COPIES = 3;

/** Every event of the play again and again, as copies, in any order: nothing may change. */
export async function storm(stage: Stage, paymentId: string): Promise<void> {
  const before = await state(stage, paymentId);
  const told = new Set(
    ((await deliveries(stage)).deliveries as readonly Delivered[])
      .filter(({ type }) => /^(payment_intent|charge|refund)\./.test(type))
      .map(({ event }) => event),
  );
  await setFaults(stage, [], { duplicatePpm: EVERYTHING, reorderWindow: 50, reorderMs: 200 });
  for (const id of [...told].slice(-20)) {
    await emulator(stage, 'POST', `/events/${id}/redeliver`, { times: TIMES });
    await emulator(stage, 'POST', `/events/${id}/redeliver`, { times: COPIES, asNew: true });
  }
  await until('the storm is over', async () => (await deliveries(stage)).pending === 0 || null);
  await setFaults(stage, []);
  // The inbox is worked through every second.
  await sleep(2_000);
  const after = await state(stage, paymentId);
  expect(JSON.stringify(after) === JSON.stringify(before), 'a storm of events changes nothing');
  heading(
    'A storm of events',
    `${Math.min(told.size, 20)} events ${TIMES} times each, as ${COPIES} copies under ids of their ` +
      'own, out of order: an event only says where to look.',
  );
  table(
    ['', 'history', 'pending', 'available', 'reserved'],
    [row('before', before), row('after', after)],
  );
}

interface State {
  readonly events: number;
  readonly balance: unknown;
}

async function deliveries(stage: Stage) {
  return (await emulator(stage, 'GET', '/webhooks/deliveries')) as {
    readonly deliveries: readonly object[];
    readonly pending: number;
  };
}

async function state(stage: Stage, paymentId: string): Promise<State> {
  const history = `/api/v1/payments/transaction/${paymentId}/events`;
  const balance = `/api/v1/venues/${stage.event.venueId}/balance`;
  const [told, held] = await Promise.all([
    call(stage, stage.buyer, 'GET', history),
    call(stage, stage.owner, 'GET', balance),
  ]);
  const events = pick(told.body, 'events') as readonly unknown[];
  return { events: events.length, balance: pick(held.body, 'balance') };
}

const row = (name: string, { events, balance }: State): string[] => [
  name,
  `${events} events`,
  ...['pending', 'available', 'reserved'].map((bucket) => dollars(pick(balance, bucket))),
];
