import { invalidRequest } from '../http/errors.js';
import { operation } from '../http/operation.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { IntentRecord, MethodRecord } from '../state/records.js';
import type { Cause, World } from '../state/world.js';
import { attempt, methodOf } from './attempt.js';
import { confirmParams } from './params.js';
import { intentOf, unexpectedState } from './refusals.js';

interface Confirmation {
  error_on_requires_action?: boolean;
  off_session?: boolean;
  return_url?: string;
  use_stripe_sdk?: boolean;
}

/** Redirecting methods are on unless they were switched off, so Stripe must know the way back. */
export function requireWayBack(
  automatic: IntentRecord['automaticPaymentMethods'],
  options: Confirmation,
): void {
  if (automatic?.enabled !== true || automatic.allow_redirects === 'never') return;
  if (options.return_url !== undefined || options.use_stripe_sdk === true) return;
  throw invalidRequest(
    'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`.',
  );
}

/** Confirms a new or a waiting intent; a new one is stored and announced first. */
export function confirm(
  world: World,
  cause: Cause,
  intent: IntentRecord,
  method: MethodRecord | null,
  options: Confirmation,
): void {
  if (method === null) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      {
        code: 'payment_intent_unexpected_state',
        ...(world.intents.get(intent.id) === intent
          ? { payment_intent: renderIntent(world, intent) }
          : {}),
      },
    );
  }
  if (world.intents.get(intent.id) === undefined) {
    world.intents.put(intent);
    world.emit('payment_intent.created', renderIntent(world, intent), cause);
  }
  attempt(world, cause, intent, method, {
    errorOnRequiresAction: options.error_on_requires_action ?? false,
    offSession: options.off_session ?? false,
    returnUrl: options.return_url ?? null,
    useStripeSdk: options.use_stripe_sdk ?? false,
  });
}

const CONFIRMABLE: readonly IntentRecord['status'][] = [
  'requires_action',
  'requires_confirmation',
  'requires_payment_method',
];

/** POST /v1/payment_intents/:id/confirm, https://docs.stripe.com/api/payment_intents/confirm */
export const confirmIntent = operation('POST', '/v1/payment_intents/:intent/confirm', {
  kind: 'payment_intent',
  params: confirmParams,
  run({ world, ...cause }, params, ids) {
    const intent = intentOf(world, ids['intent']);
    if (!CONFIRMABLE.includes(intent.status)) throw unexpectedState(world, intent, 'confirm');
    const named = params.payment_method ?? intent.paymentMethod;
    const method = named === null ? null : methodOf(world, named);
    if (params.capture_method !== undefined) intent.captureMethod = params.capture_method;
    if (params.receipt_email !== undefined) intent.receiptEmail = params.receipt_email;
    if (params.setup_future_usage !== undefined)
      intent.setupFutureUsage = params.setup_future_usage;
    const asked = params.payment_method_options?.card?.request_three_d_secure;
    if (asked !== undefined) intent.requestThreeDSecure = asked;
    requireWayBack(intent.automaticPaymentMethods, params);
    confirm(world, cause, intent, method, params);
    return renderIntent(world, intent);
  },
});
