import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Principal } from '../../src/kernel/auth/index.js';
import { isRefusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { ConfirmPayment } from '../../src/payments/commands/confirm-payment.js';
import { SettlePayment } from '../../src/payments/commands/settle-payment.js';
import type { ProviderOutcome } from '../../src/payments/domain/provider-outcome.js';
import { Janitor } from '../../src/payments/infra/janitor.js';
import { StripeWebhooks } from '../../src/payments/infra/stripe/stripe-webhooks.js';
import { GetPayment } from '../../src/payments/queries/get-payment.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import type { Client } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import { letTimePass, type OneTypeEvent, orderOf, PROCESS, Shop } from '../support/shop.js';
import { type Actor, endOf, pause, type Schedule, schedules } from './support/schedules.js';
import { wrongIn } from './support/wrong.js';

/** 10,000 take some minutes; `INTERLEAVINGS=10000` runs them all. */
const COUNT = Number(process.env.INTERLEAVINGS ?? 1_000);
const SEED = Number(process.env.SEED ?? 20_261_121);
/** Payments that are fought over at the same time, each by its own actors. */
const AT_ONCE = 8;
const PER_EVENT = 500;

jest.setTimeout(60_000 + COUNT * 200);

let running: RunningApp;
let commands: CommandBus;
let buyer: Client;
let principal: Principal;
const events: OneTypeEvent[] = [];

beforeAll(async () => {
  // Nobody works in the background, and no event comes: who does something is the schedule's choice.
  running = await startApp({ ROLE: 'api', STRIPE_TIMEOUT_MS: '30000' });
  const { world, app, url } = running;
  world.stripe.clearWebhook();
  commands = app.get(CommandBus);
  const shop = new Shop(world);
  const userId = newId();
  buyer = await shop.buyer(url, userId);
  const { tenantId } = world.cast;
  principal = { userId, tenantId, roles: ['user'], venues: [], tokenId: 'interleavings' };
  for (let i = 0; i < COUNT; i += PER_EVENT) {
    events.push(shop.event({ seated: true, capacity: PER_EVENT }));
  }
});
afterAll(() => running.close());

/** A payment that waits for its buyer, who has the bank's page open. */
interface Fought {
  readonly id: Uuid;
  readonly intentId: string;
  readonly schedule: Schedule;
  readonly atBank: () => Promise<void>;
}

const PROCESSING = (reference: string): ProviderOutcome => ({ kind: 'processing', reference });
const UNKNOWN: ProviderOutcome = { kind: 'unknown', reason: 'nobody answered' };
/** A refusal of which the provider itself knows nothing. */
const FAILED: ProviderOutcome = {
  kind: 'failed',
  reference: null,
  decline: { code: 'card_declined', declineCode: null, message: 'No.' },
};

const tell = (paymentId: Uuid, outcome: ProviderOutcome) =>
  commands.execute(new SettlePayment(principal.tenantId, paymentId, { outcome }));

async function begin(schedule: Schedule, index: number): Promise<Fought> {
  const event = events[Math.floor(index / PER_EVENT)] ?? events[0];
  if (!event) throw new Error('no event');
  const seats = [`S${index}`];
  const order = (card: string) => orderOf(event, { seats, card });
  const reply = await buyer.pay(PROCESS, order(CARDS.threeDSecure));
  expect([reply.status, reply.body.transaction.status]).toEqual([200, 'requires_action']);
  const id = reply.body.transaction.id as Uuid;
  const intentId = String(reply.body.transaction.stripePaymentIntentId);
  const { scenario } = schedule;
  if (scenario === 'processing' || scenario === 'unknown') await tell(id, PROCESSING(intentId));
  if (scenario === 'unknown') await tell(id, UNKNOWN);
  if (scenario === 'late' || scenario === 'too late') await tell(id, FAILED);
  if (scenario === 'too late') {
    expect((await buyer.pay(PROCESS, order(CARDS.ok))).status).toBe(200);
  }
  const outcome = scenario === 'failed' ? 'fail' : 'complete';
  return { id, intentId, schedule, atBank: () => answerChallenge(reply, outcome) };
}

async function hear({ intentId }: Fought, eventType: string): Promise<void> {
  const verdict = await running.app.get(StripeWebhooks).handle({
    provider: 'stripe',
    tenantId: principal.tenantId,
    inboxId: newId(),
    eventId: `evt_${newId()}`,
    eventType,
    account: null,
    livemode: false,
    payload: { intentId },
    receivedAt: new Date(),
    attempts: 0,
  });
  if (verdict !== 'processed') throw new Error(`the event: ${JSON.stringify(verdict)}`);
}

async function act(actor: Actor, fought: Fought): Promise<void> {
  const { id, intentId } = fought;
  const { tenantId } = principal;
  const done = async (answer: Promise<object>): Promise<void> => {
    const given = await answer;
    if (isRefusal(given)) throw new Error(`${actor} is refused: ${given.message}`);
  };
  switch (actor) {
    case 'bank':
      return fought.atBank();
    case 'confirm':
      return done(commands.execute(new ConfirmPayment(principal, id, newId())));
    case 'webhook':
      return hear(fought, 'payment_intent.succeeded');
    case 'old webhook':
      return hear(fought, 'payment_intent.requires_action');
    case 'janitor':
      return done(commands.execute(new SettlePayment(tenantId, id)));
    case 'read':
      return done(running.app.get(QueryBus).execute(new GetPayment(principal, id)));
    case 'old news':
      return done(tell(id, PROCESSING(intentId)));
  }
}

/** Plays one schedule; whatever an actor throws is its fault as well as the application's. */
async function play(schedule: Schedule, index: number): Promise<Fought> {
  const fought = await begin(schedule, index);
  await Promise.all(
    schedule.steps.map(async ({ actor, wait }) => {
      await pause(wait);
      await act(actor, fought);
    }),
  );
  // In the end the provider's own event always comes.
  await hear(fought, 'payment_intent.succeeded');
  return fought;
}

async function playAll(): Promise<Fought[]> {
  const played: Fought[] = [];
  const waiting = [...schedules(SEED, COUNT).entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, schedule] = next;
      played[index] = await play(schedule, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return played;
}

it(`${COUNT} interleavings of buyer, bank, event, janitor and reader: none ends wrong`, async () => {
  const played = await playAll();
  const janitor = running.app.get(Janitor);
  await letTimePass(running.world);
  // Money that came too late goes back by itself.
  let taken = 1;
  while (taken > 0) taken = await janitor.pass();
  expect(new Set(played.map(({ schedule }) => JSON.stringify(schedule))).size).toBe(COUNT);
  const ends = played.map(({ id, schedule }) => ({ id, ...endOf(schedule), schedule }));
  expect(await wrongIn(running.world, ends)).toEqual([]);
  expect(await checkInvariants(running.world)).toEqual([]);
});
