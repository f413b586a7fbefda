import type Stripe from 'stripe';
import type { ProviderOutcome } from '../../domain/provider-outcome.js';
import type { Sale } from '../../domain/sale.js';
import { PaymentProvider } from '../payment-provider.js';
import type { StripeSettings } from './client.js';
import { stripeClient } from './client.js';
import { findByMetadata } from './look-up.js';
import { outcomeOf, outcomeOfError } from './outcomes.js';
import { type Resilience, resilience } from './resilience.js';

/** Stripe forgets an idempotency key after 24 hours; an hour's margin keeps us inside. */
const KEY_LIFETIME_MS = 23 * 3_600_000;

const WITH_CHARGE = { expand: ['latest_charge'] };

/** Cards through Stripe PaymentIntents, confirmed on our side. */
export class StripeProvider extends PaymentProvider {
  readonly name = 'stripe';
  private readonly stripe: Stripe;
  private readonly guarded: Resilience;

  constructor(settings: StripeSettings) {
    super();
    this.stripe = stripeClient(settings);
    this.guarded = resilience(settings.maxConcurrent);
  }

  available(): boolean {
    return !this.guarded.isOpen();
  }

  onRecovery(listener: () => void): void {
    this.guarded.onRecovery(listener);
  }

  charge(sale: Sale): Promise<ProviderOutcome> {
    return this.ask(() => this.stripe.paymentIntents.create(intentOf(sale), keyed(sale, 'charge')));
  }

  async find(sale: Sale, reference: string | null): Promise<ProviderOutcome> {
    if (reference) {
      return this.ask(() => this.stripe.paymentIntents.retrieve(reference, WITH_CHARGE));
    }
    if (Date.now() - Date.parse(sale.startedAt) < KEY_LIFETIME_MS) {
      const again = await this.charge(sale);
      if (again.kind !== 'unknown') return again;
    }
    return this.ask(() => findByMetadata(this.stripe, sale));
  }

  capture(sale: Sale, reference: string, amountCents: number): Promise<ProviderOutcome> {
    return this.ask(() =>
      this.stripe.paymentIntents.capture(
        reference,
        { amount_to_capture: amountCents, ...WITH_CHARGE },
        keyed(sale, 'capture'),
      ),
    );
  }

  async cancel(sale: Sale, reference: string): Promise<ProviderOutcome> {
    const outcome = await this.ask(() =>
      this.stripe.paymentIntents.cancel(reference, {}, keyed(sale, 'cancel')),
    );
    // Stripe refuses to cancel what has gone through: the object itself tells what happened.
    return outcome.kind === 'failed' ? this.find(sale, reference) : outcome;
  }

  private async ask(call: () => Promise<Stripe.PaymentIntent | null>): Promise<ProviderOutcome> {
    try {
      const intent = await this.guarded.policy.execute(call);
      return intent ? outcomeOf(intent) : { kind: 'unknown', reason: 'not found at the provider' };
    } catch (error) {
      return outcomeOfError(error);
    }
  }
}

function keyed(sale: Sale, step: 'charge' | 'capture' | 'cancel'): Stripe.RequestOptions {
  return { idempotencyKey: `${step}_${sale.charge.operationId}` };
}

function intentOf(sale: Sale): Stripe.PaymentIntentCreateParams {
  return {
    amount: sale.price.total,
    currency: sale.price.currency.toLowerCase(),
    payment_method: sale.charge.paymentMethodId,
    confirm: true,
    capture_method: sale.charge.capture,
    automatic_payment_methods: { enabled: true },
    return_url: sale.charge.returnUrl,
    ...(sale.charge.description && { description: sale.charge.description }),
    metadata: {
      operation_id: sale.charge.operationId,
      payment_id: sale.paymentId,
      tenant_id: sale.tenantId,
      ...(sale.orderId && { order_id: sale.orderId }),
    },
    ...WITH_CHARGE,
  };
}
