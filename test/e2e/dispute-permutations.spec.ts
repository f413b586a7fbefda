import Stripe from 'stripe';
import { CARDS } from '../../src/sandbox/cards.js';
import { signWebhook } from '../../src/sandbox/stripe/webhooks/signature.js';
import { type RunningApp, startApp } from '../support/app.js';
import { answerChallenge } from '../support/challenge.js';
import type { Client } from '../support/client.js';
import { bookOf } from '../support/disputes.js';
import { checkInvariants } from '../support/invariants/index.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(240_000);

/** In the order in which they happen. */
const TYPES = [
  'payment_intent.succeeded',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.closed',
  'refund.failed',
] as const;
type Type = (typeof TYPES)[number];

/** A bank may dispute all of a charge, though a refund has gone out. */
type Outcome = 'won' | 'lost' | 'lost in full';

const STATUS = { won: 'won', lost: 'lost', 'lost in full': 'lost' } as const;
const END = { won: 'PAID', lost: 'PARTIALLY_REFUNDED', 'lost in full': 'REFUNDED' } as const;

const REFUNDED = 777;
const AT_ONCE = 12;

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, other) => other !== i)).map((rest) => [item, ...rest]),
  );
}

let running: RunningApp;
let stripe: Stripe;
let buyer: Client;
let shop: Shop;

beforeAll(async () => {
  running = await startApp();
  const { world } = running;
  world.stripe.clearWebhook();
  world.stripe.setLags({ balanceTransactionLagMs: 0 });
  stripe = new Stripe(world.secrets.stripeSecretKey, {
    host: '127.0.0.1',
    port: world.stripe.port,
    protocol: 'http',
  });
  shop = new Shop(world);
  buyer = await shop.buyer(running.url);
});
afterAll(() => running.close());

/** Things happen at the provider one after the other, but no earlier than a story needs them. */
class Story {
  private happened = 0;
  private refundId = '';
  private disputeId = '';

  private constructor(
    readonly paymentId: string,
    readonly event: OneTypeEvent,
    private readonly intent: {
      readonly id: string;
      readonly charge: string;
      readonly amount: number;
    },
    private readonly outcome: Outcome,
  ) {}

  /** A payment that its buyer has made, and of which we have not heard. */
  static async begin(outcome: Outcome): Promise<Story> {
    const event = shop.event();
    const reply = await buyer.pay(
      PROCESS,
      orderOf(event, { quantity: 2, card: CARDS.threeDSecure }),
    );
    await answerChallenge(reply, 'complete');
    const paymentId = String(reply.body.transaction.id);
    await query(
      running.world,
      `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'
        WHERE next_attempt_at IS NOT NULL`,
    );
    const charge = running.world.stripe
      .truth()
      .charges.find(({ metadata }) => metadata.payment_id === paymentId);
    if (!charge) throw new Error('nothing was charged');
    const intent = { id: charge.paymentIntent, charge: charge.id, amount: charge.amount };
    return new Story(paymentId, event, intent, outcome);
  }

  async tell(type: Type): Promise<void> {
    while (this.happened <= TYPES.indexOf(type)) await this.goOn(TYPES[this.happened++]);
    const told = await stripe.events.list({ type, limit: 100 }).autoPagingToArray({ limit: 1_000 });
    const found = told.find(({ data: { object } }) => this.isOurs(object));
    if (!found) throw new Error(`no ${type}`);
    await deliver(JSON.stringify(found));
    await eventually(async () => {
      const text = 'SELECT status FROM webhook_inbox WHERE webhook_id = $1';
      return (await query(running.world, text, [found.id]))[0]?.status === 'processed';
    }, `${type} to be processed`);
  }

  private async goOn(type: Type | undefined): Promise<void> {
    const { bank } = running.world.stripe;
    if (type === 'charge.refunded') {
      const asked = { payment_intent: this.intent.id, amount: REFUNDED };
      this.refundId = (await stripe.refunds.create(asked)).id;
    }
    if (type === 'charge.dispute.created') {
      const { charge, amount } = this.intent;
      const asked = this.outcome === 'lost in full' ? { amount } : {};
      this.disputeId = (bank.openDispute(charge, asked) as { id: string }).id;
    }
    if (type === 'charge.dispute.closed') bank.decideDispute(this.disputeId, STATUS[this.outcome]);
    if (type === 'refund.failed') bank.settleRefund(this.refundId, 'failed', 'lost_or_stolen_card');
  }

  private isOurs(object: object): boolean {
    const about = object as { object: string; id: string; payment_intent?: string };
    return (about.object === 'payment_intent' ? about.id : about.payment_intent) === this.intent.id;
  }

  /** Where everything ended: the payment, the dispute, and the book. */
  async end(): Promise<object> {
    const { world } = running;
    const [payment] = await query(
      world,
      `SELECT status, captured_cents, refunded_cents, refund_pending_cents, disputed_cents,
        lost_cents FROM payment_transactions WHERE id = $1`,
      [this.paymentId],
    );
    const disputes = await query(
      world,
      'SELECT status, amount_cents, fee_cents FROM payment_disputes WHERE payment_id = $1',
      [this.paymentId],
    );
    const book = Object.entries(await bookOf(world, this.paymentId, this.event.venueId)).sort();
    return { payment, disputes, book };
  }
}

async function deliver(body: string): Promise<void> {
  const secret = running.world.secrets.stripeWebhookSecret;
  const response = await fetch(`${running.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(secret, Math.floor(Date.now() / 1_000), body),
    },
    body,
  });
  expect(response.status).toBe(200);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Losing moves the most; of the orders of a dispute that is won, those of a payment we know. */
const ORDERS = {
  lost: permutations(TYPES),
  won: permutations(TYPES).filter(([first]) => first === 'payment_intent.succeeded'),
  'lost in full': permutations(TYPES).filter(([first]) => first === 'payment_intent.succeeded'),
};

it.each(['won', 'lost', 'lost in full'] as const)(
  'row 16: the events of a refund that fails and a dispute that is %s: one end in every order',
  async (outcome) => {
    expect(ORDERS[outcome]).toHaveLength(outcome === 'lost' ? 120 : 24);
    const ends = new Map<string, string>();
    const stories: (readonly [Type[], Story])[] = [];
    for (const order of ORDERS[outcome]) stories.push([order, await Story.begin(outcome)]);
    await inParallel(stories, async ([order, story]) => {
      for (const type of order) await story.tell(type);
      const end = JSON.stringify(await story.end(), null, 1);
      if (!ends.has(end)) ends.set(end, order.join(', '));
    });
    expect([...ends.keys()].slice(1).map((end) => `${ends.get(end) ?? ''}: ${end}`)).toEqual([]);
    const [only = '{}'] = ends.keys();
    const { payment, disputes } = JSON.parse(only) as Record<string, object>;
    expect(payment).toMatchObject({
      status: END[outcome],
      refunded_cents: '0',
      disputed_cents: '0',
    });
    expect(disputes).toMatchObject([{ status: STATUS[outcome] }]);
    expect(await checkInvariants(running.world)).toEqual([]);
  },
);
