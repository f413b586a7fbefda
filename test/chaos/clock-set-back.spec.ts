import { Clock } from '../../src/kernel/clock.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import { checkInvariants } from '../support/invariants/index.js';
import { orderOf, PROCESS, query, Shop } from '../support/shop.js';

const TEN_MINUTES_MS = 600_000;

let running: RunningApp;
beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
});
afterAll(() => running.close());

/** Row 24: a payment that begins before the clock is set back ends after it all the same. */
test('nothing happens before what happened before it, though the clock is set back', async () => {
  const { world, app, url } = running;
  const shop = new Shop(world);
  const buyer = await shop.buyer(url);
  const reply = await buyer.pay(PROCESS, orderOf(shop.event(), { card: CARDS.threeDSecure }));
  expect(reply.body.transaction.status).toBe('requires_action');
  const id = String(reply.body.transaction.id);
  const clock = app.get(Clock);
  jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() - TEN_MINUTES_MS));

  await answerChallenge(reply, 'complete');
  const ended = await buyer.post(`/api/v1/payments/transaction/${id}/confirm`, {});

  expect(ended.body).toMatchObject({ transaction: { status: 'completed' } });
  const [row] = await query(
    world,
    `SELECT updated_at >= created_at AS forwards FROM payment_transactions WHERE id = $1`,
    [id],
  );
  expect(row).toEqual({ forwards: true });
  const events = await query(
    world,
    `SELECT event_timestamp FROM payment_event_sequence WHERE payment_id = $1
    ORDER BY sequence_number`,
    [id],
  );
  const instants = events.map(({ event_timestamp: at }) => (at as Date).getTime());
  expect(instants.length).toBeGreaterThan(3);
  expect(instants).toEqual([...instants].sort((a, b) => a - b));
  expect(await checkInvariants(world)).toEqual([]);
});
