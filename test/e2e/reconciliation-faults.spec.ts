import { randomUUID } from 'node:crypto';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { Books, type Report } from '../support/reconcile.js';
import { CONFLICTS, refusals, refuse } from '../support/refusals.js';
import { eventually, type OneTypeEvent, query } from '../support/shop.js';

jest.setTimeout(120_000);

let books: Books;
let event: OneTypeEvent;

beforeAll(async () => {
  books = await Books.open();
});
afterAll(() => books.close());
beforeEach(() => {
  event = books.shop.event();
});

/** Everything agrees, and the payment was charged and booked once. */
async function expectOneSale(paymentId: string): Promise<void> {
  const { differences, run } = await books.reconcile();
  expect(differences).toEqual([]);
  expect(run.figures.balances).toMatchObject([{ differenceCents: 0, explainedCents: 0 }]);
  const charges = books.truth.charges.filter((charge) => charge.metadata.payment_id === paymentId);
  expect(charges).toHaveLength(1);
  expect(await books.status(paymentId)).toBe('PAID');
  const journals = await query(
    books.running.world,
    `SELECT kind FROM ledger_journals WHERE reference_id = $1 ORDER BY kind`,
    [paymentId],
  );
  expect(journals).toEqual([{ kind: 'processing_cost' }, { kind: 'purchase' }]);
  expect(await checkInvariants(books.running.world)).toEqual([]);
}

/** What the provider told of the intent of a payment's charge. */
async function toldOf(paymentId: string): Promise<string> {
  const type = 'payment_intent.succeeded';
  const { data } = await books.dashboard.events.list({ type, limit: 10 });
  const { paymentIntent } = books.chargeOf(paymentId);
  const told = data.find(({ data: { object } }) => (object as { id: string }).id === paymentIntent);
  if (!told) throw new Error(`nothing was told of ${paymentId}`);
  return JSON.stringify(told);
}

async function deliver(body: string): Promise<void> {
  const secret = books.running.world.secrets.stripeWebhookSecret;
  const { status } = await fetch(`${books.running.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(secret, Math.floor(Date.now() / 1_000), body),
    },
    body,
  });
  expect(status).toBe(200);
}

const inboxOf = async (body: string) =>
  (
    await query(
      books.running.world,
      'SELECT status, attempts FROM webhook_inbox WHERE webhook_id = $1',
      [(JSON.parse(body) as { id: string }).id],
    )
  )[0];

const processed = (body: string) =>
  eventually(async () => (await inboxOf(body))?.status === 'processed', 'the event');

/** The youngest payment, which the one who pays for it has not heard of yet. */
const youngest = () =>
  eventually(async () => {
    const text = `SELECT id FROM payment_transactions WHERE event_id = $1`;
    const id = (await query(books.running.world, text, [event.id]))[0]?.id;
    return books.truth.charges.some(({ metadata }) => metadata.payment_id === id) && String(id);
  }, 'a charge that is not answered');

describe('row 15: with a run between the charge and all that tells of it', () => {
  const hold = { fault: 'hang', match: { method: 'POST' }, times: 1, holdMs: 6_000 } as const;

  afterEach(() => books.running.world.stripe.setFaults({}));

  it.each([
    ['the run, the event, the answer', ['run', 'event']],
    ['the event, the run, the answer', ['event', 'run']],
  ])('%s: one sale, and nothing differs', async (_, order) => {
    books.running.world.stripe.setFaults({
      rules: [{ ...hold, match: { method: 'POST', path: '/v1/payment_intents$' } }],
    });
    const answer = books.order(event);
    const id = await youngest();
    const told = await toldOf(id);
    for (const next of order) {
      if (next === 'event') {
        await deliver(told);
        await processed(told);
      } else {
        const { differences } = await books.reconcile();
        expect(differences).toEqual([]);
      }
      expect(await books.status(id)).toBe('PAID');
    }
    const { status, body } = await answer;
    expect([status, body.transaction.id, body.transaction.status]).toEqual([200, id, 'completed']);
    await expectOneSale(id);
  });

  it('the event and the run before our row is there: kept, named, and gone when it is', async () => {
    const { world } = books.running;
    world.stripe.setFaults({
      rules: [
        {
          fault: 'failAfter',
          times: 1,
          match: { method: 'POST', path: '/v1/payment_intents$' },
        },
      ],
    });
    const id = String((await books.order(event)).body.transaction.id);
    await books.leaveToTheRun(id);
    const told = await toldOf(id);
    const away = randomUUID();
    const { tenantId, platformTenantId } = world.cast;
    const move = (to: string) =>
      query(
        world,
        `WITH past_triggers AS MATERIALIZED (
          SELECT set_config('session_replication_role', 'replica', true) AS set)
        UPDATE payment_intents SET tenant_id = $2 FROM past_triggers
        WHERE payment_id = $1 AND past_triggers.set = 'replica'`,
        [id, to],
      );
    await move(away);
    await deliver(told);
    await eventually(async () => Number((await inboxOf(told))?.attempts) > 0, 'an attempt');
    const token = await world.mintToken({
      sub: randomUUID(),
      tenantId: platformTenantId,
      roles: ['admin'],
    });
    const platform = new Client(books.running.url, token);
    const ofTheCharge = ({ differences }: Report) =>
      differences.filter(({ cause }) => cause === 'charge_without_payment');
    const line = books.truth.balanceTransactions.find(
      ({ source }) => source === books.chargeOf(id).id,
    );
    expect(ofTheCharge(await books.reconcile(platform))).toMatchObject([{ subjectId: line?.id }]);
    expect(await inboxOf(told)).toMatchObject({ status: 'pending' });
    await move(tenantId);
    await query(world, `UPDATE webhook_inbox SET next_attempt_at = now() WHERE status = 'pending'`);
    await processed(told);
    await expectOneSale(id);
    expect(ofTheCharge(await books.reconcile(platform))).toEqual([]);
  });
});

describe.each(CONFLICTS)('row 23: %s (%s) in the middle of a run', (_, sqlState) => {
  const world = () => books.running.world;

  it.each([
    ['the import', 'provider_balance_transactions', 'INSERT'],
    ['the booking', 'ledger_journals', 'INSERT'],
    ['the matching', 'provider_balance_transactions', 'UPDATE'],
    ['the end of a step', 'reconciliation_runs', 'UPDATE'],
  ] as const)('in %s is got over by trying again', async (_step, table, writing) => {
    const id = await books.buy(event);
    await refuse(world(), table, sqlState, 2, writing);
    const { run } = await books.reconcile();
    expect(await refusals(world(), 2)).toBe(2);
    expect(run.figures).toMatchObject({ linesImported: 1, costsBooked: 1 });
    await query(world(), `DROP TRIGGER refuse_it ON ${table}`);
    await expectOneSale(id);
  });

  it('that does not end leaves the run incomplete; it goes on when it has', async () => {
    const id = await books.buy(event);
    await refuse(world(), 'ledger_journals', sqlState, 1_000);
    const runId = await books.start();
    const { run: waiting } = await books.becomes(runId, 'incomplete');
    expect(waiting).toMatchObject({ step: 'imported', reason: expect.stringMatching(/not now/) });
    // So often, and no more: what is refused for ever is left for later.
    expect(await refusals(world(), 1_000)).toBeLessThan(50);
    await query(world(), `DROP TRIGGER refuse_it ON ledger_journals`);
    await books.becomes(runId, 'completed');
    await expectOneSale(id);
  });
});

describe('row 35: refunds race, and runs come between them', () => {
  const PAYMENTS = 6;
  const REFUNDS = 8;

  it('no run finds anything that is wrong, and no payment gives back too much', async () => {
    const ids = await Promise.all(Array.from({ length: PAYMENTS }, () => books.buy(event)));
    const race = { over: false };
    const runs = (async () => {
      const reports: Report[] = [];
      while (!race.over) reports.push(await books.reconcile());
      return reports;
    })();
    const asked = ids.flatMap((id, i) =>
      Array.from({ length: REFUNDS }, (__, k) =>
        books.admin.pay(`/api/v1/payments/transaction/${id}/refund`, {
          amount: 1_500 + 700 * ((i + k) % 4),
        }),
      ),
    );
    const replies = await Promise.all(asked).finally(() => (race.over = true));
    const reports = await runs;
    expect(reports.length).toBeGreaterThan(0);
    for (const { differences, run } of reports) {
      // What one side has heard of and the other is about to; nothing for a human.
      expect(differences.filter(({ fix }) => fix === null)).toEqual([]);
      const [balance] = run.figures.balances;
      expect(balance?.explainedCents).toBe(balance?.differenceCents);
    }
    const accepted = replies.filter(({ status }) => status === 200);
    expect(accepted.length).toBeGreaterThanOrEqual(PAYMENTS);
    expect(accepted.length).toBeLessThan(replies.length);
    const { differences } = await books.reconcile();
    expect(differences).toEqual([]);
    const { refunds } = books.truth;
    for (const id of ids) {
      const charge = books.chargeOf(id);
      const back = refunds.filter((refund) => refund.charge === charge.id);
      const sum = back.reduce((total, { amount }) => total + amount, 0);
      expect(sum).toBeLessThanOrEqual(charge.amount);
    }
    expect(await checkInvariants(books.running.world)).toEqual([]);
  });
});
