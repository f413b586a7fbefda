import { dollars, heading, table } from '../print.js';
import { call, expect, pick, type Stage } from '../stage.js';

type Row = Readonly<Record<string, unknown>>;

/** What is behind an answer: the payment's history, its postings, the venue's balance. */
export async function books(stage: Stage, paymentId: string): Promise<void> {
  const path = `/api/v1/payments/transaction/${paymentId}`;
  const history = await call(stage, stage.buyer, 'GET', `${path}/events`);
  const events = pick(history.body, 'events') as readonly Row[];
  expect(events.length >= 3, 'a payment has its history');
  heading(
    "The payment's history",
    'Every state is the fold of these events; none is ever changed.',
  );
  table(
    ['#', 'event', 'state', 'at'],
    events.map((event) => ['sequence', 'type', 'status', 'at'].map((name) => String(event[name]))),
  );
  await proof(stage, path);
  await balance(stage);
}

async function proof(stage: Stage, path: string): Promise<void> {
  const { body } = await call(stage, stage.buyer, 'GET', `${path}/proof`);
  const postings = pick(body, 'journals.0.postings') as readonly Row[];
  expect(pick(body, 'balanced') === true, 'the postings sum to zero');
  heading('Its postings', 'Double entry: a debit is positive, a credit negative, the sum is zero.');
  table(
    ['account', 'line', 'amount'],
    [
      ...postings.map((line) => [String(line.account), String(line.code), dollars(line.amount)]),
      ['', 'sum', dollars(pick(body, 'sums.USD'))],
    ],
  );
}

async function balance(stage: Stage): Promise<void> {
  const path = `/api/v1/venues/${stage.event.venueId}/balance`;
  const { status, body } = await call(stage, stage.owner, 'GET', path);
  expect(status === 200, 'the owner sees the balance');
  expect(Number(pick(body, 'balance.pending')) > 0, 'what was sold is pending');
  heading("The venue's balance", 'Summed from the ledger; three sales of two tickets are pending.');
  table(
    ['pending', 'available', 'reserved'],
    [['pending', 'available', 'reserved'].map((name) => dollars(pick(body, `balance.${name}`)))],
  );
}
