import { release } from '../charging.js';
import { operation } from '../http/operation.js';
import { renderIntent } from '../objects/payment-intent.js';
import { cancelParams } from './params.js';
import { intentOf, unexpectedState } from './refusals.js';

/** POST /v1/payment_intents/:id/cancel, https://docs.stripe.com/api/payment_intents/cancel */
export const cancelIntent = operation('POST', '/v1/payment_intents/:intent/cancel', {
  kind: 'payment_intent',
  params: cancelParams,
  run({ world, ...cause }, params, ids) {
    const intent = intentOf(world, ids['intent']);
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      throw unexpectedState(world, intent, 'cancel');
    }
    const charge = world.charges.get(intent.charges.at(-1) ?? '');
    if (intent.status === 'requires_capture' && charge !== undefined) release(world, cause, charge);
    intent.status = 'canceled';
    intent.amountCapturable = 0;
    intent.nextAction = null;
    intent.canceledAt = world.now();
    intent.cancellationReason = params.cancellation_reason ?? null;
    world.intents.put(intent);
    world.emit('payment_intent.canceled', renderIntent(world, intent), cause);
    return renderIntent(world, intent);
  },
});
