import { isBrokenCircuitError, isBulkheadRejectedError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import Stripe from 'stripe';
import type { CardFound } from '../payment-provider.js';
import { unknownOf } from './unknown.js';

const KEPT = 20_000;
const LIFETIME_MS = 3_600_000;

/**
 * What is known of the cards behind payment methods, whatever methods they come as. A method's card
 * never changes, and one that has none never gets one: each is asked for once an hour at most, and
 * once for all who ask at the same time. What the provider did not tell is asked for again.
 */
export class MethodFingerprints {
  private readonly asked = new LRUCache<string, Promise<CardFound>>({
    max: KEPT,
    ttl: LIFETIME_MS,
  });

  constructor(private readonly ask: (paymentMethodId: string) => Promise<CardFound>) {}

  of(paymentMethodId: string): Promise<CardFound> {
    const known = this.asked.get(paymentMethodId);
    if (known) return known;
    const asked = this.told(paymentMethodId);
    this.asked.set(paymentMethodId, asked);
    return asked;
  }

  private async told(id: string): Promise<CardFound> {
    const found = await this.ask(id);
    if (found.kind !== 'succeeded') this.asked.delete(id);
    return found;
  }
}

/** Stripe's is the same for one card number within an account (docs.stripe.com/api/payment_methods/object). */
export function cardOf({ card }: Stripe.PaymentMethod): CardFound {
  return { kind: 'succeeded', fingerprint: card?.fingerprint ?? null };
}

/** A method that Stripe does not know is nobody's card, and will not be charged either. */
export function cardOfError(error: unknown): CardFound {
  if (isBulkheadRejectedError(error) || isBrokenCircuitError(error)) return { kind: 'not_asked' };
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: 'failed' };
  const { reason } = unknownOf(error);
  return { kind: 'unknown', reason };
}
