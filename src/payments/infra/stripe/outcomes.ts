import Stripe from 'stripe';
import type {
  Decline,
  ProviderCharge,
  ProviderOutcome,
  ThreeDSecure,
} from '../../domain/provider-outcome.js';
import { unknownOf } from './unknown.js';

/** What an intent's state means for the payment (docs.stripe.com/payments/paymentintents/lifecycle). */
export function outcomeOf(intent: Stripe.PaymentIntent): ProviderOutcome {
  switch (intent.status) {
    case 'succeeded':
      return { kind: 'succeeded', charge: chargeOf(intent, intent.amount_received) };
    case 'requires_capture':
      return { kind: 'authorized', charge: chargeOf(intent, intent.amount_capturable) };
    case 'requires_action':
      return actionRequired(intent);
    case 'processing':
      return { kind: 'processing', reference: intent.id };
    case 'requires_payment_method':
      return notPaid(intent);
    case 'canceled':
      return cancelled(intent);
    default:
      return { kind: 'unknown', reason: `the intent is ${intent.status}` };
  }
}

/**
 * What a failed call means: a declined card and a request Stripe refuses did not move money;
 * anything else (time-outs, resets, 5xx, 409 in progress, 429) leaves the outcome open.
 */
export function outcomeOfError(error: unknown): ProviderOutcome {
  if (error instanceof Stripe.errors.StripeCardError) {
    const intent = error.payment_intent;
    const decline = {
      code: error.code ?? 'card_declined',
      // The SDK says '' where the issuer gave no code.
      declineCode: error.decline_code === '' ? null : error.decline_code,
      message: error.message,
    };
    return { kind: 'failed', reference: intent?.id ?? null, decline };
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    const decline = {
      code: error.code ?? 'invalid_request',
      declineCode: null,
      message: 'The payment method or the request was refused by the payment provider.',
    };
    return { kind: 'failed', reference: null, decline };
  }
  return unknownOf(error);
}

/** We cancel what has failed, so that nobody can complete it any more: that stays a decline. */
function cancelled(intent: Stripe.PaymentIntent): ProviderOutcome {
  const expired = hasExpired(intent);
  if (intent.last_payment_error && !expired) return notPaid(intent);
  return { kind: 'cancelled', reference: intent.id, expired };
}

/** We say `abandoned` when the buyer's time is over, Stripe `automatic` when an authorization's is. */
function hasExpired({ cancellation_reason: reason }: Stripe.PaymentIntent): boolean {
  return reason === 'abandoned' || reason === 'automatic';
}

function chargeOf(intent: Stripe.PaymentIntent, amountCents: number): ProviderCharge {
  const latest = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const card = latest?.payment_method_details?.card;
  const authentication = card?.three_d_secure;
  return {
    reference: intent.id,
    amountCents,
    currency: intent.currency.toUpperCase(),
    methodFingerprint: card?.fingerprint ?? null,
    cardBrand: card?.brand ?? null,
    cardLast4: card?.last4 ?? null,
    ...(authentication && { threeDSecure: authenticationOf(authentication) }),
  };
}

function authenticationOf(
  found: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure,
): ThreeDSecure {
  return {
    result: found.result,
    flow: found.authentication_flow,
    version: found.version,
    indicator: found.electronic_commerce_indicator,
  };
}

function actionRequired(intent: Stripe.PaymentIntent): ProviderOutcome {
  return {
    kind: 'requires_action',
    reference: intent.id,
    action: {
      clientSecret: intent.client_secret ?? '',
      type: intent.next_action?.type ?? 'use_stripe_sdk',
      url: intent.next_action?.redirect_to_url?.url ?? null,
    },
  };
}

/** Without an error nobody has tried to pay yet: that is not a decline. */
function notPaid(intent: Stripe.PaymentIntent): ProviderOutcome {
  const error = intent.last_payment_error;
  if (!error) return { kind: 'unknown', reason: 'the intent has not been tried' };
  const decline: Decline = {
    code: error.code ?? 'payment_method_required',
    declineCode: error.decline_code ?? null,
    message: error.message ?? 'The payment was not completed.',
  };
  return { kind: 'failed', reference: intent.id, decline };
}
