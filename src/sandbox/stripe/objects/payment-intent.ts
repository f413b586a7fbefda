import type Stripe from 'stripe';
import { withDocUrl } from '../http/errors.js';
import type { IntentRecord, PaymentErrorRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { renderMethod } from './payment-method.js';

/** Address of the page on which the buyer authenticates. */
export const challengeUrl = (world: World, intent: IntentRecord): string =>
  `${world.baseUrl}/3ds/${intent.id}?client_secret=${intent.clientSecret}`;

function nextAction(world: World, intent: IntentRecord): Stripe.PaymentIntent.NextAction | null {
  const action = intent.nextAction;
  if (action === null) return null;
  const url = challengeUrl(world, intent);
  if (action.type === 'redirect_to_url') {
    return { type: 'redirect_to_url', redirect_to_url: { return_url: action.returnUrl, url } };
  }
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url, source: action.source },
  };
}

function lastPaymentError(
  world: World,
  error: PaymentErrorRecord | null,
): Stripe.PaymentIntent.LastPaymentError | null {
  if (error === null) return null;
  const { paymentMethod, ...rest } = error;
  const method = world.methods.get(paymentMethod);
  return withDocUrl({
    ...rest,
    code: rest.code,
    ...(method === undefined ? {} : { payment_method: renderMethod(method) }),
  });
}

/** https://docs.stripe.com/api/payment_intents/object */
export function renderIntent(world: World, intent: IntentRecord): Stripe.PaymentIntent {
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: intent.allowedPaymentMethodTypes,
    amount: intent.amount,
    amount_capturable: intent.amountCapturable,
    amount_details: { tip: {} },
    amount_received: intent.amountReceived,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: intent.automaticPaymentMethods,
    canceled_at: intent.canceledAt,
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: lastPaymentError(world, intent.lastPaymentError),
    latest_charge: intent.charges.at(-1) ?? null,
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: nextAction(world, intent),
    on_behalf_of: null,
    payment_method: intent.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: intent.requestThreeDSecure ?? 'automatic',
      },
    },
    payment_method_types: intent.allowedPaymentMethodTypes ?? ['card'],
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: intent.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}
