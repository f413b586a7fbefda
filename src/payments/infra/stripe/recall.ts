import Stripe from 'stripe';
import type { ProviderOutcome } from '../../domain/provider-outcome.js';
import type { Sale } from '../../domain/sale.js';
import { fromMemo, type MemoSeal } from '../../domain/sale-memo.js';
import type { Recalled } from '../payment-provider.js';
import { outcomeOf } from './outcomes.js';
import { unknownOf } from './unknown.js';

/**
 * What an intent tells of the sale it was made for. Believed is a memo that is ours and of this very
 * intent: one that was copied to another one, or is about other money, tells nothing.
 */
export function recalledOf(
  intent: Stripe.PaymentIntent,
  seal: MemoSeal,
  livemode: boolean,
): Recalled {
  const sale = fromMemo(intent.metadata, seal);
  if (sale === 'absent') return nothing('it has no memo of a sale');
  if (sale === 'damaged') return nothing('its memo is not as it was written');
  const outcome = outcomeOf(intent);
  if (intent.livemode !== livemode) return nothing('it is of another mode than our key');
  if (!isNamed(sale, intent.metadata)) return nothing('its memo is of another charge');
  if (!isFor(sale, intent, outcome)) return nothing('it is for other money than its memo says');
  return { kind: 'sale', sale, outcome };
}

/** An intent that Stripe refuses to show tells nothing; anything else may be asked again. */
export function recalledOfError(error: unknown): Recalled {
  const refused = error instanceof Stripe.errors.StripeInvalidRequestError;
  return refused ? nothing('the provider refused to look it up') : unknownOf(error);
}

function nothing(reason: string): Recalled {
  return { kind: 'nothing', reason };
}

function isNamed(sale: Sale, metadata: Stripe.Metadata): boolean {
  return (
    metadata.operation_id === sale.charge.operationId &&
    metadata.payment_id === sale.paymentId &&
    metadata.tenant_id === sale.tenantId
  );
}

function isFor({ price }: Sale, intent: Stripe.PaymentIntent, outcome: ProviderOutcome): boolean {
  const { amount, currency } = intent;
  const taken = 'charge' in outcome ? outcome.charge.amountCents : price.total;
  return amount === price.total && taken === amount && currency.toUpperCase() === price.currency;
}
