import type Stripe from 'stripe';
import type { ProviderOutcome } from '../../domain/provider-outcome.js';
import type { Sale } from '../../domain/sale.js';
import { providerCallSeconds } from '../../../kernel/observability/index.js';
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
    this.guarded = resilience(this.name, settings.maxConcurrent);
  }

  available(): boolean {
    return this.guarded.hasRoom();
  }

  onRecovery(listener: () => void): void {
    this.guarded.onRecovery(listener);
  }

  charge(sale: Sale): Promise<ProviderOutcome> {
    return this.ask('charge', () =>
      this.stripe.paymentIntents.create(intentOf(sale), keyed(sale, 'charge')),
    );
  }

  async find(sale: Sale, reference: string | null): Promise<ProviderOutcome> {
    if (reference) return this.retrieve(reference);
    if (Date.now() - Date.parse(sale.startedAt) < KEY_LIFETIME_MS) {
      const again = await this.charge(sale);
      // Stripe repeats its first answer to a key: an unfinished one may be out of date.
      if (again.kind === 'processing' || again.kind === 'requires_action') {
        return this.retrieve(again.reference);
      }
      if (again.kind !== 'unknown') return again;
    }
    return neverDeclined(await this.ask('look-up', () => findByMetadata(this.stripe, sale)));
  }

  capture(sale: Sale, reference: string, amountCents: number): Promise<ProviderOutcome> {
    return this.ask('capture', () =>
      this.stripe.paymentIntents.capture(
        reference,
        { amount_to_capture: amountCents, ...WITH_CHARGE },
        keyed(sale, 'capture'),
      ),
    );
  }

  async cancel(sale: Sale, reference: string): Promise<ProviderOutcome> {
    const outcome = await this.ask('cancel', () =>
      this.stripe.paymentIntents.cancel(reference, {}, keyed(sale, 'cancel')),
    );
    // Stripe refuses to cancel what has gone through: the object itself tells what happened.
    return outcome.kind === 'failed' ? this.retrieve(reference) : outcome;
  }

  private async retrieve(reference: string): Promise<ProviderOutcome> {
    return neverDeclined(
      await this.ask('retrieve', () => this.stripe.paymentIntents.retrieve(reference, WITH_CHARGE)),
    );
  }

  private async ask(
    operation: string,
    call: () => Promise<Stripe.PaymentIntent | null>,
  ): Promise<ProviderOutcome> {
    const started = performance.now();
    const outcome = await this.attempt(call);
    const seconds = (performance.now() - started) / 1000;
    providerCallSeconds.observe({ provider: this.name, operation, outcome: outcome.kind }, seconds);
    return outcome;
  }

  private async attempt(
    call: () => Promise<Stripe.PaymentIntent | null>,
  ): Promise<ProviderOutcome> {
    try {
      const intent = await this.guarded.policy.execute(call);
      return intent ? outcomeOf(intent) : { kind: 'unknown', reason: 'not found at the provider' };
    } catch (error) {
      return outcomeOfError(error);
    }
  }
}

/** A look-up that is refused (another key, another mode) tells nothing about the charge. */
function neverDeclined(outcome: ProviderOutcome): ProviderOutcome {
  if (outcome.kind !== 'failed' || outcome.reference !== null) return outcome;
  return { kind: 'unknown', reason: 'the provider refused to look it up' };
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
