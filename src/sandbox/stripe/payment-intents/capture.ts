import { capture } from '../charging.js';
import { invalidRequest } from '../http/errors.js';
import { operation } from '../http/operation.js';
import { renderIntent } from '../objects/payment-intent.js';
import { mergeMetadata } from '../metadata.js';
import { captureParams } from './params.js';
import { intentOf, unexpectedState } from './refusals.js';

/** POST /v1/payment_intents/:id/capture, https://docs.stripe.com/api/payment_intents/capture */
export const captureIntent = operation('POST', '/v1/payment_intents/:intent/capture', {
  kind: 'payment_intent',
  params: captureParams,
  run({ world, ...cause }, params, ids) {
    const intent = intentOf(world, ids['intent']);
    const charge = world.charges.get(intent.charges.at(-1) ?? '');
    if (intent.status !== 'requires_capture' || charge === undefined) {
      throw unexpectedState(world, intent, 'capture');
    }
    const amount = params.amount_to_capture ?? intent.amountCapturable;
    if (amount > intent.amountCapturable) {
      throw invalidRequest(
        'The requested capture amount is greater than the amount you can capture for this charge.',
        { code: 'amount_too_large', param: 'amount_to_capture' },
      );
    }
    mergeMetadata(intent, params.metadata);
    if (params.statement_descriptor_suffix !== undefined) {
      intent.statementDescriptorSuffix = params.statement_descriptor_suffix;
      charge.statementDescriptorSuffix = params.statement_descriptor_suffix;
    }
    if (params.statement_descriptor !== undefined) {
      intent.statementDescriptor = params.statement_descriptor;
    }
    capture(world, cause, charge, amount);
    intent.status = 'succeeded';
    intent.amountCapturable = 0;
    intent.amountReceived = amount;
    world.intents.put(intent);
    world.emit('payment_intent.succeeded', renderIntent(world, intent), cause);
    return renderIntent(world, intent);
  },
});
