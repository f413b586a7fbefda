import { randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { dollars, heading, table } from '../print.js';
import { call, expect, pick, purchase, type Stage } from '../stage.js';
import { postings } from './postings.js';

/** One of two tickets goes back: what the buyer gets, and what it does to the books. */
export async function refund(stage: Stage): Promise<void> {
  const order = purchase(stage, CARDS.ok);
  const process = '/api/v1/payments/process';
  const bought = await call(stage, stage.buyer, 'POST', process, order, randomUUID());
  const path = `/api/v1/payments/transaction/${String(pick(bought.body, 'transaction.id'))}`;
  const ticket = String(pick(bought.body, 'transaction.tickets.0.id'));
  const wish = { ticketIds: [ticket], reason: 'One of us cannot come' };
  const reply = await call(stage, stage.owner, 'POST', `${path}/refund`, wish, randomUUID());
  expect(pick(reply.body, 'refund.status') === 'completed', 'a ticket is given back');
  heading(
    'One of two tickets given back',
    'POST …/refund {ticketIds}: its price and its taxes; the platform keeps its fees, by policy.',
  );
  table(
    ['HTTP', 'refund', 'paid back', 'payment', 'still refundable', 'at Stripe'],
    [
      [
        String(reply.status),
        String(pick(reply.body, 'refund.status')),
        dollars(pick(reply.body, 'refund.amount')),
        String(pick(reply.body, 'status')),
        dollars(pick(reply.body, 'refundableCents')),
        String(pick(reply.body, 'refund.stripeRefundId')),
      ],
    ],
  );
  const { body } = await call(stage, stage.buyer, 'GET', `${path}/proof`);
  expect(pick(body, 'balanced') === true, 'the postings still sum to zero');
  heading('Its postings', 'First taken from the venue and the taxes, then paid by the provider.');
  postings(body, (kind) => kind.startsWith('refund'));
}
