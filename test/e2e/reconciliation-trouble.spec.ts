import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { Books } from '../support/reconcile.js';
import { eventually, type OneTypeEvent, query } from '../support/shop.js';

let books: Books;
let event: OneTypeEvent;

beforeAll(async () => {
  books = await Books.open();
});
afterAll(() => books.close());
beforeEach(() => {
  event = books.shop.event();
});

describe('while the provider is away', () => {
  it('a run is incomplete, says why, and is completed when it is back', async () => {
    const path = '/v1/balance_transactions';
    books.running.world.stripe.setFaults({ rules: [{ fault: 'failBefore', match: { path } }] });
    const id = await books.start();
    const { run: waiting } = await books.becomes(id, 'incomplete');
    expect(waiting).toMatchObject({ step: 'requested', reason: expect.stringMatching(/Stripe/) });
    expect(await books.start()).toBe(id);
    books.running.world.stripe.setFaults({});
    expect((await books.becomes(id, 'completed')).run).toMatchObject({ reason: null });
  });
});

describe('a process that dies between two steps', () => {
  afterEach(() => {
    armFailpoints(undefined);
  });

  it.each([
    'reconciliation.after_import',
    'reconciliation.after_costs',
    'reconciliation.after_settled',
    'reconciliation.before_close',
  ])('%s: the run goes on where it stood, and does nothing twice', async (name) => {
    const id = await books.buy(event);
    armFailpoints(`${name}:throw`);
    const runId = await books.start();
    await eventually(async () => {
      const text = `SELECT 1 FROM saga_commands WHERE key = $1 AND attempts > 0`;
      return (await query(books.running.world, text, [runId])).length > 0;
    }, `an attempt at ${name}`);
    armFailpoints(undefined);
    const { run: done, differences } = await books.becomes(runId, 'completed');
    expect(differences).toEqual([]);
    expect(done.figures.balances).toMatchObject([{ differenceCents: 0, explainedCents: 0 }]);
    expect(await books.posted(id, 'processing_cost')).toHaveLength(2);
  });
});

describe('what hangs', () => {
  it('a payment that nobody settled is settled, and its item closed', async () => {
    const { world } = books.running;
    world.stripe.setFaults({
      rules: [{ fault: 'failBefore', match: { method: 'POST', path: '/v1/payment_intents$' } }],
    });
    const id = String((await books.order(event)).body.transaction.id);
    await books.leaveToTheRun(id);
    const hanging = await books.reconcile();
    expect(hanging.differences).toEqual([]);
    // A quarter of an hour later it is stale.
    const [operation] = await query(
      world,
      `WITH p AS (UPDATE payment_transactions SET created_at = created_at - interval '16 minutes'
        WHERE id = $1 RETURNING tenant_id, id)
      INSERT INTO open_items (tenant_id, id, kind, subject_type, subject_id, cause)
      SELECT i.tenant_id, gen_random_uuid(), 'charge_unknown', 'charge', i.id, 'Nobody knows'
      FROM payment_intents i JOIN p ON (p.tenant_id, p.id) = (i.tenant_id, i.payment_id)
      RETURNING subject_id`,
      [id],
    );
    await books.leaveToTheRun(id);
    const { differences } = await books.reconcile();
    expect(differences).toMatchObject([
      { cause: 'payment_stale', subjectId: id, cents: 0, fix: 'settle' },
    ]);
    world.stripe.setFaults({});
    await eventually(async () => {
      await books.leaveToTheRun(id);
      await books.reconcile();
      return (await books.status(id)) === 'PAID';
    }, 'the payment to be settled');
    const { differences: left } = await books.reconcile();
    expect(left).toEqual([]);
    const items = await query(world, 'SELECT status FROM open_items WHERE subject_id = $1', [
      operation?.subject_id,
    ]);
    expect(items).toEqual([{ status: 'resolved' }]);
  });

  it('an event that nobody delivered for ten minutes is delivered', async () => {
    const id = await books.buy(event);
    const waiting = async () => {
      const text = `SELECT 1 FROM outbox WHERE aggregate_id = $1 AND processed_at IS NULL`;
      return (await query(books.running.world, text, [id])).length;
    };
    await eventually(async () => (await waiting()) === 0, 'the events of the purchase');
    // One that somebody follows, put back for an hour.
    await query(
      books.running.world,
      `UPDATE outbox SET heard_at = NULL, processed_at = NULL,
        event_type = 'reconciliation.completed',
        next_attempt_at = now() + interval '1 hour', created_at = now() - interval '11 minutes'
        WHERE aggregate_id = $1`,
      [id],
    );
    expect(await waiting()).toBe(1);
    expect((await books.reconcile()).run.figures).toMatchObject({ outboxRetried: 1 });
    await eventually(async () => (await waiting()) === 0, 'the stuck event');
  });
});
