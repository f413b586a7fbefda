import { randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { dollars, heading, table } from '../print.js';
import { call, expect, pick, purchase, type Reply, type Stage, word } from '../stage.js';

/** Fees quoted, tickets bought, the same request again. Answers the payment's id. */
export async function buy(stage: Stage): Promise<string> {
  await quoteFees(stage);
  const key = randomUUID();
  const body = purchase(stage, CARDS.ok);
  const bought = await call(stage, stage.buyer, 'POST', '/api/v1/payments/process', body, key);
  expect(bought.status === 200 && pick(bought.body, 'success') === true, 'a good card is charged');
  heading('Two tickets bought', 'POST /api/v1/payments/process with an Idempotency-Key.');
  showTransaction(bought);
  const again = await call(stage, stage.buyer, 'POST', '/api/v1/payments/process', body, key);
  const identical = again.text === bought.text;
  expect(identical && again.headers.get('idempotent-replayed') === 'true', 'a replay is identical');
  heading(
    'The same request again',
    'Same key, same body: the stored answer, and no second charge.',
  );
  table(
    ['status', 'Idempotent-Replayed', 'byte for byte the same'],
    [[String(again.status), 'true', String(identical)]],
  );
  return String(pick(bought.body, 'transaction.id'));
}

async function quoteFees(stage: Stage): Promise<void> {
  const { venueId, eventId, tickets } = purchase(stage, CARDS.ok) as Record<string, unknown>;
  const quoted = await call(stage, stage.buyer, 'POST', '/api/v1/payments/calculate-fees', {
    venueId,
    eventId,
    tickets,
  });
  expect(quoted.status === 200, 'fees are quoted');
  heading(
    'What two tickets cost',
    'POST /api/v1/payments/calculate-fees; the quote holds ten minutes.',
  );
  table(
    ['tickets', 'platform fee', 'gas', 'state tax', 'local tax', 'all-in price', 'total'],
    [
      [
        'ticketPrice',
        'platformFee',
        'gasEstimate',
        'stateTax',
        'localTax',
        'allInPrice',
        'total',
      ].map((name) => dollars(pick(quoted.body, `fees.${name}`))),
    ],
  );
}

export function showTransaction({ status, body }: Reply): void {
  const show = (name: string) => word(body, `transaction.${name}`) ?? 'nothing yet';
  table(
    ['HTTP', 'payment', 'status', 'charged', 'at Stripe'],
    [
      [
        String(status),
        show('id'),
        show('status'),
        dollars(pick(body, 'transaction.amountCharged')),
        show('stripePaymentIntentId'),
      ],
    ],
  );
}
