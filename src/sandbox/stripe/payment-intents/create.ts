import { invalidRequest } from '../http/errors.js';
import { operation } from '../http/operation.js';
import type { Decoded } from '../http/params.js';
import { newId, randomText } from '../ids.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { IntentRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { methodOf } from './attempt.js';
import { confirm, requireWayBack } from './confirm.js';
import { mergeMetadata } from '../metadata.js';
import { checkAmount, createParams } from './params.js';

type Create = Decoded<typeof createParams, 'amount' | 'currency'>;

/** Absent any choice of methods Stripe offers what the account has switched on, redirects included. */
function automaticMethods(params: Create): IntentRecord['automaticPaymentMethods'] {
  if (params.allowed_payment_method_types !== undefined) return null;
  const { allow_redirects = 'always', enabled = true } = params.automatic_payment_methods ?? {};
  return { allow_redirects, enabled };
}

function draft(world: World, params: Create): IntentRecord {
  const id = newId('pi');
  const intent: IntentRecord = {
    id,
    created: world.now(),
    amount: params.amount,
    amountCapturable: 0,
    amountReceived: 0,
    allowedPaymentMethodTypes: params.allowed_payment_method_types ?? null,
    automaticPaymentMethods: automaticMethods(params),
    canceledAt: null,
    cancellationReason: null,
    captureMethod: params.capture_method ?? 'automatic_async',
    charges: [],
    clientSecret: `${id}_secret_${randomText(25)}`,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    lastPaymentError: null,
    metadata: {},
    nextAction: null,
    paymentMethod: null,
    receiptEmail: params.receipt_email ?? null,
    requestThreeDSecure: params.payment_method_options?.card?.request_three_d_secure ?? null,
    setupFutureUsage: params.setup_future_usage ?? null,
    statementDescriptor: params.statement_descriptor ?? null,
    statementDescriptorSuffix: params.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transferGroup: params.transfer_group ?? null,
  };
  mergeMetadata(intent, params.metadata);
  return intent;
}

const CONFIRM_ONLY = [
  'error_on_requires_action',
  'off_session',
  'return_url',
  'use_stripe_sdk',
] as const;

function check(params: Create): void {
  checkAmount(params.amount, params.currency);
  const early = CONFIRM_ONLY.find((name) => params[name] !== undefined);
  if (params.confirm !== true && early !== undefined) {
    throw invalidRequest(`The \`${early}\` parameter can only be used with confirm=true.`, {
      param: early,
    });
  }
  if (params.automatic_payment_methods !== undefined) {
    if (params.automatic_payment_methods.enabled === undefined) {
      throw invalidRequest('Missing required param: automatic_payment_methods[enabled].', {
        code: 'parameter_missing',
        param: 'automatic_payment_methods[enabled]',
      });
    }
    if (params.allowed_payment_method_types !== undefined) {
      throw invalidRequest(
        'You may only specify one of these parameters: automatic_payment_methods, allowed_payment_method_types.',
        { param: 'automatic_payment_methods' },
      );
    }
  }
  if (params.confirm === true) requireWayBack(automaticMethods(params), params);
}

/** POST /v1/payment_intents, https://docs.stripe.com/api/payment_intents/create */
export const createIntent = operation('POST', '/v1/payment_intents', {
  kind: 'payment_intent',
  params: createParams,
  required: ['amount', 'currency'],
  check,
  run({ world, ...cause }, params) {
    // Named before anything is stored: an unknown method leaves no intent behind.
    const method =
      params.payment_method === undefined ? null : methodOf(world, params.payment_method);
    const intent = draft(world, params);
    if (params.confirm === true) confirm(world, cause, intent, method, params);
    else {
      intent.paymentMethod = method?.id ?? null;
      if (method !== null) intent.status = 'requires_confirmation';
      world.intents.put(intent);
      world.emit('payment_intent.created', renderIntent(world, intent), cause);
    }
    return renderIntent(world, intent);
  },
});
