import { invalidRequest, noSuch, type StripeFailure } from '../http/errors.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { IntentRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** The intent a path names, or 404. */
export function intentOf(world: World, id: string | undefined): IntentRecord {
  const intent = world.intents.get(id ?? '');
  if (intent === undefined) throw noSuch('payment_intent', id ?? '', 'intent', 404);
  return intent;
}

/** 400 `payment_intent_unexpected_state`, with the intent as it is. */
export function unexpectedState(
  world: World,
  intent: IntentRecord,
  verb: 'cancel' | 'capture' | 'confirm' | 'update',
): StripeFailure {
  return invalidRequest(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: renderIntent(world, intent) },
  );
}
