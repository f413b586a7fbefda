import { StripeFailure } from '../http/errors.js';
import type { IntentRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { fail, pay } from './attempt.js';

/**
 * The buyer's answer to the 3-D Secure challenge. `complete` goes on to charge the card (which may
 * still decline), `fail` ends the attempt with `payment_intent_authentication_failure`. Answers
 * what the return URL is told, or null when the intent is not waiting for an answer (any more).
 */
export function authenticate(
  world: World,
  intent: IntentRecord,
  answer: 'complete' | 'fail',
): 'failed' | 'succeeded' | null {
  const method = world.methods.get(intent.paymentMethod ?? '');
  if (intent.status !== 'requires_action' || method === undefined) return null;
  if (answer === 'fail') {
    fail(world, null, intent, {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message:
        'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
      paymentMethod: method.id,
    });
    return 'failed';
  }
  try {
    pay(world, null, intent, method, true);
  } catch (error) {
    if (error instanceof StripeFailure) return 'failed';
    throw error;
  }
  return 'succeeded';
}
