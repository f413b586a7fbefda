import { randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { heading, table } from '../print.js';
import { call, expect, pick, purchase, type Reply, type Stage, until } from '../stage.js';
import { setFaults } from '../stripe.js';
import { showTransaction } from './buy.js';

const pay = (stage: Stage, card: string): Promise<Reply> =>
  call(stage, stage.buyer, 'POST', '/api/v1/payments/process', purchase(stage, card), randomUUID());

/** A declined card, a 3-D Secure card, a provider that hangs: what buyers meet, and how it ends. */
export async function trouble(stage: Stage): Promise<void> {
  await declined(stage);
  await threeDSecure(stage);
  await hanging(stage);
}

async function declined(stage: Stage): Promise<void> {
  const reply = await pay(stage, CARDS.insufficientFunds);
  expect(reply.status === 402, 'a declined card is answered 402');
  heading(
    'A card without funds',
    'A definite decline: 402, stored under the key, seats free again.',
  );
  table(
    ['HTTP', 'code', 'decline code', 'message'],
    [[String(reply.status), ...texts(reply, 'code', 'declineCode', 'error')]],
  );
}

async function threeDSecure(stage: Stage): Promise<void> {
  const asked = await pay(stage, CARDS.threeDSecure);
  const page = String(pick(asked.body, 'nextAction.redirectToUrl'));
  expect(asked.status === 200 && page.startsWith('http'), 'a 3-D Secure card asks for an action');
  heading('A 3-D Secure card', `The bank wants to see the buyer: ${page}`);
  showTransaction(asked);
  await completeChallenge(page);
  const id = String(pick(asked.body, 'transaction.id'));
  const path = `/api/v1/payments/transaction/${id}/confirm`;
  const confirmed = await call(stage, stage.buyer, 'POST', path);
  expect(
    pick(confirmed.body, 'transaction.status') === 'completed',
    'the confirmed payment is completed',
  );
  heading(
    '… after the button on the challenge page',
    'POST …/confirm asks the provider how it went.',
  );
  showTransaction(confirmed);
}

/** Presses "complete" as a browser does: the page's form, with its hidden fields. */
export async function completeChallenge(page: string): Promise<void> {
  const html = await (await fetch(page)).text();
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1] ?? page;
  const [name = 'outcome', value = 'complete'] =
    /<button[^>]*name="([^"]+)"[^>]*value="([^"]+)"/.exec(html)?.slice(1) ?? [];
  const pressed = await fetch(new URL(action, page), {
    method: 'POST',
    body: new URLSearchParams({ [name]: value }),
    redirect: 'manual',
  });
  expect(pressed.status < 400, 'the challenge page takes the answer');
}

async function hanging(stage: Stage): Promise<void> {
  await setFaults(stage, [
    {
      fault: 'hangBefore',
      match: { method: 'POST', path: '^/v1/payment_intents$' },
      times: 1,
      holdMs: 4000,
    },
  ]);
  heading(
    'A provider that hangs',
    'Stripe takes the request, and no answer comes: nobody knows, so nobody is told "failed".',
  );
  const unknown = await pay(stage, CARDS.ok);
  expect(unknown.status === 202, 'an unknown outcome is answered 202');
  showTransaction(unknown);
  await setFaults(stage, []);
  const path = `/api/v1/payments/transaction/${String(pick(unknown.body, 'transaction.id'))}`;
  const found = await until('the unknown payment is resolved', async () => {
    const reply = await call(stage, stage.buyer, 'GET', path);
    return pick(reply.body, 'transaction.status') === 'completed' ? reply : null;
  });
  heading('… is resolved', 'Asked again under the same key, which can charge only once.');
  showTransaction(found);
}

function texts({ body }: Reply, ...names: readonly string[]): string[] {
  return names.map((name) => String(pick(body, name)));
}
