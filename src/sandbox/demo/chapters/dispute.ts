import { randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { dollars, heading, table } from '../print.js';
import { call, expect, pick, purchase, type Stage, until, word } from '../stage.js';

/** The test bank decides by this text (docs.stripe.com/testing#evidence). */
const WINNING = 'winning_evidence';

/** A buyer's bank takes the money back; the venue answers with what our own log proves, and wins. */
export async function dispute(stage: Stage): Promise<void> {
  const order = purchase(stage, CARDS.dispute);
  const process = '/api/v1/payments/process';
  const bought = await call(stage, stage.buyer, 'POST', process, order, randomUUID());
  const paymentId = String(pick(bought.body, 'transaction.id'));
  const list = `/api/v1/disputes?paymentId=${paymentId}`;
  const listed = await until('the bank disputes the payment', async () => {
    const { body } = await call(stage, stage.owner, 'GET', list);
    return pick(body, 'disputes.0.id') === undefined ? null : body;
  });
  heading('A dispute', 'The bank has taken the money and a fee; no refund may go out meanwhile.');
  show(pick(listed, 'disputes.0'));
  const path = `/api/v1/disputes/${String(pick(listed, 'disputes.0.id'))}`;
  await answer(stage, path);
  const won = await until('the bank decides', async () => {
    const { body } = await call(stage, stage.owner, 'GET', path);
    return pick(body, 'dispute.status') === 'won' ? body : null;
  });
  expect(pick(won, 'payment.status') === 'completed', 'a won payment is paid again');
  heading('… is won', 'The money is back, as journals of their own; nothing was ever rewritten.');
  show(pick(won, 'dispute'));
}

async function answer(stage: Stage, path: string): Promise<void> {
  const give = (submit: boolean, evidence?: object) =>
    call(
      stage,
      stage.owner,
      'POST',
      `${path}/evidence`,
      { submit, ...(evidence && { evidence }) },
      randomUUID(),
    );
  const draft = await give(false);
  const texts = pick(draft.body, 'evidence') as Readonly<Record<string, string>>;
  expect(Object.keys(texts).length > 1, 'there is a draft of evidence');
  heading('Its evidence', 'POST …/evidence {submit: false}: drafted from our own log.');
  table(
    ['field', 'text'],
    Object.entries(texts).map(([field, text]) => [field, shortened(text)]),
  );
  const given = await give(true, { uncategorized_text: WINNING });
  expect(pick(given.body, 'submitted') === true, 'evidence is handed in');
}

function shortened(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 70 || line !== text ? `${line.slice(0, 70)} …` : line;
}

function show(found: unknown): void {
  table(
    ['status', 'reason', 'amount', 'fee', 'evidence due', 'handed in'],
    [
      [
        String(pick(found, 'status')),
        String(pick(found, 'reason')),
        dollars(pick(found, 'amount')),
        dollars(pick(found, 'fee')),
        word(found, 'evidenceDueBy') ?? 'no more',
        word(found, 'submittedAt') ?? 'not yet',
      ],
    ],
  );
}
