import { invalidRequest, noSuch } from '../http/errors.js';
import { decimal } from '../payment-intents/params.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { ChargeRecord } from '../state/records.js';
import type { World } from '../state/world.js';

function latestCharge(world: World, id: string): ChargeRecord {
  const intent = world.intents.get(id);
  if (intent === undefined) throw noSuch('payment_intent', id, 'payment_intent', 400);
  const charge = world.charges.get(intent.charges.at(-1) ?? '');
  if (charge === undefined) throw nothingToRefund(id);
  return charge;
}

const nothingToRefund = (intent: string) =>
  invalidRequest(`This PaymentIntent (${intent}) does not have a successful charge to refund.`);

/** A bank that took the money back, or still may, leaves nothing to refund; a won dispute does. */
const chargedBack = (world: World, charge: ChargeRecord): boolean =>
  charge.disputed &&
  world.disputes
    .all()
    .some(
      (dispute) =>
        dispute.charge === charge.id &&
        ['lost', 'needs_response', 'under_review'].includes(dispute.status),
    );

/**
 * The captured charge a refund is for. Refusals: unknown charge or intent, nothing was paid, an
 * authorisation (which is cancelled, not refunded), `charge_disputed`, `charge_already_refunded`.
 */
export function refundableCharge(
  world: World,
  named: { charge?: string; payment_intent?: string },
): ChargeRecord {
  const charge =
    named.charge === undefined
      ? latestCharge(world, named.payment_intent ?? '')
      : world.charges.get(named.charge);
  if (charge === undefined) throw noSuch('charge', named.charge ?? '', 'charge', 400);
  const intent = world.intents.get(charge.paymentIntent);
  if (charge.status === 'failed' || intent === undefined || intent.status === 'canceled') {
    throw nothingToRefund(charge.paymentIntent);
  }
  if (!charge.captured) {
    throw invalidRequest(
      `This PaymentIntent's charge is not captured and cannot be refunded because the PaymentIntent has a status of ${intent.status}. Cancel the PaymentIntent instead.`,
      { code: 'payment_intent_unexpected_state', payment_intent: renderIntent(world, intent) },
    );
  }
  if (chargedBack(world, charge)) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  return charge;
}

/** What can still be refunded; what a partial capture let go counts as refunded, as at Stripe. */
export const unrefunded = (charge: ChargeRecord): number => charge.amount - charge.amountRefunded;

/** Refuses more than is left. Stripe gives this refusal no code. */
export function checkLeft(charge: ChargeRecord, amount: number): void {
  const left = unrefunded(charge);
  if (amount <= left) return;
  throw invalidRequest(
    `Refund amount (${decimal(amount)}) is greater than unrefunded amount on charge (${decimal(left)})`,
    { param: 'amount' },
  );
}
