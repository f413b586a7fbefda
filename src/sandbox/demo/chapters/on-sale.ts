import { createHash, randomUUID } from 'node:crypto';
import { CARDS } from '../../cards.js';
import { straight } from '../../visitors/bots/glides.js';
import { robotSession, SIMPLE } from '../../visitors/bots/visit.js';
import { Dice } from '../../visitors/dice.js';
import { pointerSession } from '../../visitors/humans/pointer.js';
import { MOUSE } from '../../visitors/humans/populations.js';
import { heading, table } from '../print.js';
import { completeChallenge } from './trouble.js';
import {
  call,
  everybody,
  expect,
  pick,
  type Player,
  type Reply,
  type Stage,
  until,
  word,
} from '../stage.js';

const HUMANS = 2_000;
const BOTS = 500;
const TICKETS = 200;
const TERMS = { capacity: 150, ratePerMinute: 30_000 };

interface Visitor extends Player {
  readonly kind: 'human' | 'bot';
  readonly number: number;
  /** What came of the purchase that they tried; undefined while they wait. */
  answer?: Reply;
  /** The bank or a reviewer was asked first. */
  checked?: boolean;
}

/** An on-sale: who comes first is not who gets in, who is no person does not buy, nothing is sold twice. */
export async function onSale(stage: Stage): Promise<void> {
  const visitors = await arrivals(stage);
  await openRoom(stage, visitors);
  await sell(stage, visitors);
  const sold = visitors.filter(isPaid);
  const paid = await paidFor(stage);
  const oversold = paid - TICKETS;
  expect(oversold === 0 && sold.length === paid, `${TICKETS} tickets are paid for, not ${paid}`);
  heading(
    `An on-sale: ${HUMANS} people and ${BOTS} bots for ${TICKETS} tickets`,
    'The bots were there first. A draw decides who gets in, the session who is a person, and ' +
      'PostgreSQL how many tickets there are.',
  );
  table(
    ['', 'came', 'got in', 'bought', 'refused as bots', 'asked to prove it'],
    (['human', 'bot'] as const).map((kind) => row(visitors, kind)),
  );
  await showFairness(stage, sold, oversold);
}

/** How many payments of the event there are with the money in, one ticket each; newest first. */
async function paidFor(stage: Stage): Promise<number> {
  let paid = 0;
  for (let cursor = ''; ;) {
    const path = `/api/payments?status=SUCCESS&limit=100${cursor}`;
    const { body } = await call(stage, stage.admin, 'GET', path);
    const listed = pick(body, 'payments') as readonly { readonly eventId: string }[];
    const ours = listed.filter(({ eventId }) => eventId === stage.onSale.id);
    paid += ours.length;
    const next = word(body, 'pagination.nextCursor');
    if (next === undefined || ours.length < listed.length) return paid;
    cursor = `&cursor=${next}`;
  }
}

/** Everybody with a place in the queue, in the order in which they came. */
async function arrivals(stage: Stage): Promise<Visitor[]> {
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  const room = await call(stage, stage.admin, 'PUT', ROOM(stage), { ...TERMS, opensAt });
  expect(room.status === 200, `a waiting room can be set up, not ${room.text}`);
  const kinds = Array.from({ length: BOTS + HUMANS }, (_, i) => (i < BOTS ? 'bot' : 'human'));
  return everybody([...kinds.entries()], async ([number, kind]) => {
    const visitor = { ...(await stage.newPlayer()), kind, number } as Visitor;
    const joined = await call(stage, visitor, 'POST', PLACE(stage, 'join'));
    expect(joined.status === 200, `everybody may join, not ${joined.text}`);
    return visitor;
  });
}

async function openRoom(stage: Stage, [first]: readonly Visitor[]): Promise<void> {
  const opened = await call(stage, stage.admin, 'POST', `${ROOM(stage)}/open`);
  expect(opened.status === 200, `the waiting room opens, not ${opened.text}`);
  await until('the draw is over', async () => {
    if (!first) return null;
    const { body } = await call(stage, first, 'GET', PLACE(stage, 'status'));
    return word(body, 'room') === 'open' || null;
  });
}

/** Everybody asks again and again, and buys once they are let in, until nothing is left. */
async function sell(stage: Stage, visitors: readonly Visitor[]): Promise<void> {
  let left = TICKETS;
  while (left > 0) {
    const waiting = visitors.filter(({ answer }) => !answer);
    expect(waiting.length > 0, 'somebody still wants a ticket');
    await everybody(waiting, async (visitor) => {
      if (left <= 0) return;
      const { body } = await call(stage, visitor, 'GET', PLACE(stage, 'status'));
      const token = word(body, 'accessToken');
      if (token === undefined) return;
      visitor.answer = await prove(stage, visitor, await buy(stage, visitor, token));
      if (isPaid(visitor)) left -= 1;
    });
  }
}

/** Whoever is asked for more gives it: people press the bank's button, reviewers approve. */
async function prove(stage: Stage, visitor: Visitor, reply: Reply): Promise<Reply> {
  const id = word(reply.body, 'transaction.id') ?? '';
  const page = word(reply.body, 'nextAction.redirectToUrl');
  const inReview = word(reply.body, 'transaction.status') === 'in_review';
  visitor.checked = page !== undefined || inReview;
  if (inReview) {
    const approval = `/admin/fraud/reviews/${id}/approve`;
    return call(stage, stage.admin, 'POST', approval, {}, randomUUID());
  }
  if (page !== undefined) await completeChallenge(page);
  // 202: the bank has not said yet how it went.
  return page !== undefined || reply.status === 202 ? outcome(stage, visitor, id) : reply;
}

function outcome(stage: Stage, visitor: Visitor, id: string): Promise<Reply> {
  const confirm = `/api/v1/payments/transaction/${id}/confirm`;
  return until(`payment ${id} has an outcome`, async () => {
    const reply = await call(stage, visitor, 'POST', confirm);
    return reply.status === 202 ? null : reply;
  });
}

function buy(stage: Stage, visitor: Visitor, token: string): Promise<Reply> {
  const { venueId, id: eventId, ticketTypes } = stage.onSale;
  const [floor] = ticketTypes;
  const dice = new Dice(visitor.number);
  const order = {
    venueId,
    eventId,
    tickets: [{ ticketTypeId: floor?.id, quantity: 1, price: floor?.priceCents }],
    paymentMethod: { type: 'card', paymentMethodId: `${CARDS.ok}_no_${visitor.number}` },
    deviceFingerprint: `fp_${String(visitor.number).padStart(16, '0')}`,
    sessionData:
      visitor.kind === 'human'
        ? pointerSession(dice, MOUSE)
        : robotSession(dice, { ...SIMPLE, glide: straight, tick: () => 10 }),
  };
  const headers = { 'x-access-token': token, 'user-agent': BROWSER };
  return call(stage, visitor, 'POST', PROCESS, order, randomUUID(), headers);
}

function row(visitors: readonly Visitor[], kind: Visitor['kind']): string[] {
  const those = visitors.filter((visitor) => visitor.kind === kind);
  const refused = those.filter(({ answer }) => word(answer?.body, 'code') === 'BOT_DETECTED');
  const groups = [
    those,
    those.filter(({ answer }) => answer),
    those.filter(isPaid),
    refused,
    those.filter(({ checked }) => checked),
  ];
  return [kind, ...groups.map(({ length }) => String(length))];
}

const isPaid = ({ answer }: Visitor) => word(answer?.body, 'transaction.status') === 'completed';

/** What somebody who doubts it can check. */
async function showFairness(
  stage: Stage,
  sold: readonly Visitor[],
  oversold: number,
): Promise<void> {
  const proofs = await everybody(sold, (visitor) =>
    call(stage, visitor, 'GET', PLACE(stage, 'proof')),
  );
  const ranks = proofs.map(({ body }) => Number(pick(body, 'drawn.rank')));
  const [proof] = proofs;
  const seed = word(proof?.body, 'seed') ?? '';
  const commitment = word(proof?.body, 'seedCommitment');
  const hash = createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
  expect(hash === commitment, 'the seed is the one that was promised');
  table(
    ['seed promised before', 'SHA-256 of the seed now', 'ranks that bought', 'oversold'],
    [
      [
        `${commitment?.slice(0, 16) ?? ''}…`,
        `${hash.slice(0, 16)}…`,
        `${Math.min(...ranks)} to ${Math.max(...ranks)} of ${BOTS + HUMANS}`,
        String(oversold),
      ],
    ],
  );
}

const PROCESS = '/api/v1/payments/process';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const ROOM = ({ onSale: { id } }: Stage) => `/admin/waiting-room/${id}`;
const PLACE = ({ onSale: { id } }: Stage, what: string) => `/api/v1/waiting-room/${id}/${what}`;
