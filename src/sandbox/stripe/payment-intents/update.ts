import { operation } from '../http/operation.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { IntentRecord } from '../state/records.js';
import { methodOf } from './attempt.js';
import { mergeMetadata } from '../metadata.js';
import { checkAmount, updateParams } from './params.js';
import { intentOf, unexpectedState } from './refusals.js';

const OPEN: readonly IntentRecord['status'][] = [
  'requires_confirmation',
  'requires_payment_method',
];
/** What may no longer change once an attempt has begun. */
const OPEN_ONLY = ['amount', 'capture_method', 'currency', 'customer', 'payment_method'] as const;

/** POST /v1/payment_intents/:id, https://docs.stripe.com/api/payment_intents/update */
export const updateIntent = operation('POST', '/v1/payment_intents/:intent', {
  kind: 'payment_intent',
  params: updateParams,
  run({ world }, params, ids) {
    const intent = intentOf(world, ids['intent']);
    if (!OPEN.includes(intent.status) && OPEN_ONLY.some((name) => params[name] !== undefined)) {
      throw unexpectedState(world, intent, 'update');
    }
    const amount = params.amount ?? intent.amount;
    const currency = params.currency ?? intent.currency;
    checkAmount(amount, currency);
    if (params.payment_method !== undefined) {
      intent.paymentMethod = methodOf(world, params.payment_method).id;
      intent.status = 'requires_confirmation';
    }
    Object.assign(intent, { amount, currency } satisfies Partial<IntentRecord>);
    intent.allowedPaymentMethodTypes =
      params.allowed_payment_method_types ?? intent.allowedPaymentMethodTypes;
    intent.captureMethod = params.capture_method ?? intent.captureMethod;
    intent.customer = params.customer ?? intent.customer;
    intent.setupFutureUsage = params.setup_future_usage ?? intent.setupFutureUsage;
    intent.requestThreeDSecure =
      params.payment_method_options?.card?.request_three_d_secure ?? intent.requestThreeDSecure;
    // '' unsets these, so null is a value and only absence means "as before".
    if (params.description !== undefined) intent.description = params.description;
    if (params.receipt_email !== undefined) intent.receiptEmail = params.receipt_email;
    if (params.statement_descriptor !== undefined) {
      intent.statementDescriptor = params.statement_descriptor;
    }
    if (params.statement_descriptor_suffix !== undefined) {
      intent.statementDescriptorSuffix = params.statement_descriptor_suffix;
    }
    if (params.transfer_group !== undefined) intent.transferGroup = params.transfer_group;
    mergeMetadata(intent, params.metadata);
    world.intents.put(intent);
    return renderIntent(world, intent);
  },
});
