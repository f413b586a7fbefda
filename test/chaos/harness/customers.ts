import { setTimeout as sleep } from 'node:timers/promises';
import { CARDS } from '../../../src/sandbox/cards.js';
import { SeededRandom } from '../../../src/sandbox/stripe/faults/random.js';
import { answerChallenge } from '../../support/challenge.js';
import type { Client } from '../../support/client.js';
import { type OneTypeEvent, orderOf, PROCESS, Shop } from '../../support/shop.js';
import type { TestWorld } from '../../support/world.js';
import { Banks } from './banks.js';
import { Deed, type Transaction } from './deed.js';
import { setTerms, type Terms, TERMS, Wallets } from './minting.js';
import { pick } from './plan.js';

const EVENTS = 6;
const BUYERS = 24;
const TRIES = 8;

/** Buyers, a venue's administrator, banks and a stranger, who all go on whatever happens. */
export class Customers {
  readonly deeds: Deed[] = [];
  /** Events that nobody signed as the provider does. */
  forged = 0;
  private readonly random: SeededRandom;
  private readonly events: readonly OneTypeEvent[];
  private readonly banks: Banks;
  private readonly wallets: Wallets | undefined;
  private answered = 0;
  private buyers: Client[] = [];
  private admin: Client | undefined;

  constructor(
    private readonly world: TestWorld,
    private readonly url: string,
    seed: number,
    /** Buyers name wallets, and events have terms: there are chains. */
    private readonly minting = false,
  ) {
    this.wallets = minting ? new Wallets() : undefined;
    this.random = new SeededRandom(seed);
    this.banks = new Banks(world);
    const shop = new Shop(world);
    this.events = Array.from({ length: EVENTS }, (_, i) =>
      shop.event({ capacity: i === 0 ? 40 : 5_000 }),
    );
  }

  /** What becomes of each event's tickets, where there are chains. */
  get terms(): ReadonlyMap<string, Terms> {
    return new Map(this.events.map(({ id }, i) => [id, TERMS[i % TERMS.length] ?? TERMS[0]]));
  }

  /** How many deeds have a final answer. */
  get done(): number {
    return this.answered;
  }

  /** So many of them at once, each waiting for an answer before the next deed, until the signal. */
  async shop(atOnce: number, signal: AbortSignal): Promise<void> {
    const shop = new Shop(this.world);
    this.buyers = await shop.buyers(this.url, BUYERS);
    const admin = await shop.as(this.url, 'admin');
    this.admin = admin;
    if (this.minting) {
      await Promise.all([...this.terms].map(([id, terms]) => setTerms(admin, id, terms)));
    }
    const one = async () => {
      while (!signal.aborted) {
        await this.act(signal);
        await sleep(20);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }

  /** Asks again for everything that has no final answer; answers what still has none. */
  async settle(signal: AbortSignal): Promise<Deed[]> {
    const open = this.deeds.filter(({ answer, abandoned }) => answer === undefined && !abandoned);
    await Promise.all(open.map((deed) => deed.ask(400, signal)));
    return open.filter(({ answer }) => answer === undefined);
  }

  private async act(signal: AbortSignal): Promise<void> {
    const dice = this.random.below(100);
    if (dice < 50) await this.buy(CARDS.ok, signal);
    else if (dice < 56) await this.buy(CARDS.declined, signal);
    else if (dice < 62) await this.authenticate(signal);
    else if (dice < 72) await this.authorize(signal);
    else if (dice < 88) await this.refund(signal);
    else if (dice < 93) await this.dispute();
    else if (dice < 96) await this.forge();
    else if (dice < 97) await this.reconcile();
    else await this.read();
  }

  private async do(client: Client, path: string, body: object, signal: AbortSignal): Promise<Deed> {
    const deed = new Deed(client, path, body, this.random.below(5) === 0);
    this.deeds.push(deed);
    if (await deed.ask(TRIES, signal)) this.answered += 1;
    return deed;
  }

  private buy(card: string, signal: AbortSignal, rest = {}): Promise<Deed> {
    const event = pick(this.events, this.random);
    const quantity = 1 + this.random.below(2);
    const terms = this.terms.get(event.id) ?? TERMS[0];
    const wallet = this.wallets?.wish(terms, this.random);
    const order = orderOf(event, { card, quantity, rest: { ...rest, ...wallet } });
    return this.do(pick(this.buyers, this.random), PROCESS, order, signal);
  }

  private async authenticate(signal: AbortSignal): Promise<void> {
    const outcome = this.random.below(4) === 0 ? 'fail' : 'complete';
    const { answer, client, paymentId, transaction } = await this.buy(CARDS.threeDSecure, signal);
    if (!answer || transaction?.status !== 'requires_action') return;
    await answerChallenge(answer, outcome).catch(() => undefined);
    await client
      .post(`/api/v1/payments/transaction/${String(paymentId)}/confirm`, {})
      .catch(() => undefined);
  }

  private async authorize(signal: AbortSignal): Promise<void> {
    const what = this.random.below(3) === 0 ? 'cancel' : 'capture';
    const { paymentId } = await this.buy(CARDS.ok, signal, { captureMethod: 'manual' });
    if (paymentId === undefined || !this.admin) return;
    await this.do(this.admin, `/api/v1/payments/transaction/${paymentId}/${what}`, {}, signal);
  }

  private async refund(signal: AbortSignal): Promise<void> {
    const paymentId = this.anyPaid()?.id;
    if (paymentId === undefined || !this.admin) return;
    const part = this.random.below(2) === 0 ? {} : { amount: 100 + this.random.below(3_000) };
    const path = `/api/v1/payments/transaction/${paymentId}/refund`;
    await this.do(this.admin, path, { reason: 'chaos', ...part }, signal);
  }

  private async dispute(): Promise<void> {
    if (this.banks.decide(this.random.below(2) === 0 ? 'won' : 'lost')) return;
    const intentId = this.anyPaid()?.stripePaymentIntentId;
    if (typeof intentId === 'string') await this.banks.dispute(intentId);
  }

  /** A stranger claims to be the provider. */
  private async forge(): Promise<void> {
    this.forged += 1;
    const event = { id: `evt_forged_${this.forged}`, object: 'event', type: 'charge.refunded' };
    const now = Math.trunc(Date.now() / 1_000);
    await fetch(`${this.url}/webhooks/stripe`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'stripe-signature': `t=${now},v1=${'0'.repeat(64)}`,
      },
      body: JSON.stringify({ ...event, data: { object: { id: 'ch_forged', object: 'charge' } } }),
    }).catch(() => undefined);
  }

  private async reconcile(): Promise<void> {
    await this.admin?.post('/admin/reconciliation/runs', {}).catch(() => undefined);
  }

  private async read(): Promise<void> {
    const deed = this.deeds.at(-1 - this.random.below(Math.max(this.deeds.length, 1)));
    if (deed?.paymentId === undefined) return;
    const path = `/api/v1/payments/transaction/${deed.paymentId}`;
    await deed.client.get(path).catch(() => undefined);
  }

  private anyPaid(): Transaction | undefined {
    const paid = this.deeds.filter(
      ({ transaction, path }) => path === PROCESS && transaction?.status === 'completed',
    );
    return paid[this.random.below(Math.max(paid.length, 1))]?.transaction;
  }
}
