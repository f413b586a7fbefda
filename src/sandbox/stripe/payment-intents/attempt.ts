import { cardError, invalidRequest, noSuch, type StripeFailure } from '../http/errors.js';
import { type Decline, testCard } from '../cards.js';
import { charge, issuerAnswer } from '../charging.js';
import { newId, randomText } from '../ids.js';
import { renderIntent } from '../objects/payment-intent.js';
import { cardOf, renderMethod } from '../objects/payment-method.js';
import type { IntentRecord, MethodRecord, PaymentErrorRecord } from '../state/records.js';
import type { Cause, World } from '../state/world.js';

/** How this attempt may go about authentication. */
export interface AttemptOptions {
  errorOnRequiresAction: boolean;
  offSession: boolean;
  returnUrl: string | null;
  useStripeSdk: boolean;
}

/**
 * The payment method a request names: one of Stripe's test names makes a new one, an id must
 * exist. Without a customer a method that has paid cannot pay again.
 */
export function methodOf(world: World, id: string): MethodRecord {
  if (testCard(id)) {
    const made = { id: newId('pm'), created: world.now(), card: id, consumed: false };
    world.methods.put(made);
    return made;
  }
  const method = world.methods.get(id);
  if (method === undefined) throw noSuch('PaymentMethod', id, 'payment_method', 400);
  if (method.consumed) {
    throw invalidRequest(
      'This PaymentMethod was previously used without being attached to a Customer and may not be used again.',
      { param: 'payment_method' },
    );
  }
  return method;
}

function mustAuthenticate(
  intent: IntentRecord,
  method: MethodRecord,
  offSession: boolean,
): boolean {
  const { threeDSecure } = cardOf(method);
  switch (threeDSecure) {
    case 'always':
      return true;
    case 'on_session':
      return !offSession;
    case 'optional':
      return intent.requestThreeDSecure === 'any' || intent.requestThreeDSecure === 'challenge';
    case 'unsupported':
      return false;
  }
}

/**
 * Tries to pay: asks for authentication, charges, or throws the issuer's refusal (402) after
 * recording it on the intent, as Stripe keeps an intent whose confirmation was declined.
 */
export function attempt(
  world: World,
  cause: Cause,
  intent: IntentRecord,
  method: MethodRecord,
  options: AttemptOptions,
): void {
  intent.paymentMethod = method.id;
  intent.lastPaymentError = null;
  if (!mustAuthenticate(intent, method, options.offSession)) {
    pay(world, cause, intent, method, false);
    return;
  }
  if (options.offSession || options.errorOnRequiresAction) {
    const declineCode = options.offSession
      ? 'authentication_required'
      : 'authentication_not_handled';
    throw refuse(world, cause, intent, method, {
      code: 'authentication_required',
      declineCode,
      message: 'Your card was declined. This transaction requires authentication.',
      param: null,
      adviceCode: null,
    });
  }
  intent.status = 'requires_action';
  intent.nextAction =
    options.returnUrl === null || options.useStripeSdk
      ? { type: 'use_stripe_sdk', source: `payatt_3${randomText(23)}` }
      : { type: 'redirect_to_url', returnUrl: options.returnUrl };
  world.intents.put(intent);
  world.emit('payment_intent.requires_action', renderIntent(world, intent), cause);
}

/** Charges the card; throws its refusal. */
export function pay(
  world: World,
  cause: Cause | null,
  intent: IntentRecord,
  method: MethodRecord,
  authenticated: boolean,
): void {
  const decline = issuerAnswer(method);
  const made = charge(world, cause, intent, method, { authenticated, decline });
  if (decline !== null) throw refuse(world, cause, intent, method, decline, made.id);
  if (intent.customer === null) {
    method.consumed = true;
    world.methods.put(method);
  }
  const manual = intent.captureMethod === 'manual';
  intent.status = manual ? 'requires_capture' : 'succeeded';
  intent.amountCapturable = manual ? intent.amount : 0;
  intent.amountReceived = manual ? 0 : intent.amount;
  intent.nextAction = null;
  world.intents.put(intent);
  const event = manual ? 'amount_capturable_updated' : 'succeeded';
  world.emit(`payment_intent.${event}`, renderIntent(world, intent), cause);
}

/** Back to `requires_payment_method`, with the reason on the intent and in `payment_failed`. */
export function fail(
  world: World,
  cause: Cause | null,
  intent: IntentRecord,
  error: PaymentErrorRecord,
): void {
  intent.status = 'requires_payment_method';
  intent.nextAction = null;
  intent.paymentMethod = null;
  intent.lastPaymentError = error;
  world.intents.put(intent);
  world.emit('payment_intent.payment_failed', renderIntent(world, intent), cause);
}

function refuse(
  world: World,
  cause: Cause | null,
  intent: IntentRecord,
  method: MethodRecord,
  decline: Decline,
  chargeId?: string,
): StripeFailure {
  const detail = {
    code: decline.code,
    decline_code: decline.declineCode,
    ...(decline.param === null ? {} : { param: decline.param }),
    ...(decline.adviceCode === null ? {} : { advice_code: decline.adviceCode }),
    ...(chargeId === undefined ? {} : { charge: chargeId }),
  };
  const { message } = decline;
  fail(world, cause, intent, { type: 'card_error', message, ...detail, paymentMethod: method.id });
  return cardError(message, {
    ...detail,
    payment_intent: renderIntent(world, intent),
    payment_method: renderMethod(method),
  });
}
