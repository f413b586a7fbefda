import Stripe from 'stripe';
import type { TestWorld } from '../../support/world.js';

/** Disputes that are left undecided. */
const UNDECIDED = 3;

/** The buyers' banks, which look charges up as anyone can: the whole truth grows with the storm. */
export class Banks {
  private readonly stripe: Stripe;
  private readonly undecided: string[] = [];

  constructor(private readonly world: TestWorld) {
    const { hostname: host, port } = new URL(world.stripe.baseUrl);
    const options = { host, port, protocol: 'http', maxNetworkRetries: 0 } as const;
    this.stripe = new Stripe(world.secrets.stripeSecretKey, options);
  }

  /** Disputes what is left of a charge, unless it was disputed or paid back before. */
  async dispute(intentId: string): Promise<void> {
    const intent = await this.stripe.paymentIntents
      .retrieve(intentId, { expand: ['latest_charge'] })
      .catch(() => null);
    const charge = intent?.latest_charge;
    if (!charge || typeof charge === 'string') return;
    if (!charge.captured || charge.disputed || charge.amount_refunded > 0) return;
    const { id } = this.world.stripe.bank.openDispute(charge.id) as Stripe.Dispute;
    this.undecided.push(id);
  }

  /** Decides the oldest dispute, once there are a few; answers whether there were. */
  decide(outcome: 'won' | 'lost'): boolean {
    if (this.undecided.length < UNDECIDED) return false;
    const id = this.undecided.shift();
    if (id !== undefined) this.world.stripe.bank.decideDispute(id, outcome);
    return true;
  }
}
