import pg from 'pg';
import { checkInvariants } from '../support/invariants/index.js';
import { type AppProcess, startProcess } from '../support/process.js';
import {
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

/**
 * FAULTS row 4, inside the transaction that records the outcome: a lock on the outbox stops it
 * after the event, the tickets and the journal are written and before the answer is stored.
 */
let world: TestWorld;
let event: OneTypeEvent;
let blocker: pg.Client;
let app: AppProcess;

beforeEach(async () => {
  world = await startTestWorld();
  event = new Shop(world).event({ capacity: 10 });
  app = await startProcess(world, { ROLE: 'api' });
  blocker = new pg.Client(world.description.databaseUrl);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE outbox IN EXCLUSIVE MODE');
});
afterEach(async () => {
  await blocker.end();
  await app.kill();
  await world.close();
});

const key = newKey();
const userId = newKey();

async function buy(at: AppProcess) {
  const buyer = await new Shop(world).buyer(at.url, userId);
  return buyer.pay(PROCESS, orderOf(event, { quantity: 3 }), key);
}

/** The backend that is stuck in the middle of the transaction. */
const stuckBackend = () =>
  eventually(async () => {
    const [row] = await query(
      world,
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
        AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO outbox%'`,
    );
    return row?.pid as number | undefined;
  }, 'the transaction to stand still');

async function expectOneSale(at: AppProcess): Promise<void> {
  expect((await buy(at)).status).toBe(200);
  expect(world.stripe.truth().charges).toHaveLength(1);
  const tickets = await query(world, 'SELECT status FROM tickets');
  expect(tickets.map(({ status }) => status)).toEqual(['sold', 'sold', 'sold']);
  expect(await checkInvariants(world)).toEqual([]);
}

describe('row 4: the transaction that records the outcome is interrupted', () => {
  it('its backend is terminated: the outcome is recorded once all the same', async () => {
    const answer = buy(app);
    const pid = await stuckBackend();
    const [ended] = await query(world, 'SELECT pg_terminate_backend($1) AS ended', [pid]);
    expect(ended?.ended).toBe(true);
    await blocker.query('ROLLBACK');
    expect((await answer).status).toBe(200);
    await expectOneSale(app);
  });

  it('the process is killed: everything or nothing is there, and then one sale', async () => {
    const unanswered = expect(buy(app)).rejects.toThrow();
    await stuckBackend();
    const before = await query(world, `SELECT 1 FROM tickets WHERE status = 'sold'`);
    expect(before).toEqual([]);
    await app.kill();
    await blocker.query('ROLLBACK');
    await unanswered;
    await eventually(async () => {
      const [row] = await query(
        world,
        `SELECT count(*)::int AS left FROM pg_stat_activity WHERE datname = current_database()
          AND application_name = 'tickettoken-payments'`,
      );
      return row?.left === 0;
    }, 'the dead process’s backends to end');
    // What is there is whole: open with nothing sold, or paid with all that follows.
    expect(await checkInvariants(world, 60)).toEqual([]);
    app = await startProcess(world);
    await letTimePass(world);
    await expectOneSale(app);
  });
});
