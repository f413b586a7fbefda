import { availableWith, book } from '../booking.js';
import { invalidRequest } from '../http/errors.js';
import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import {
  boolean,
  integer,
  metadata,
  oneOf,
  text,
  unsupportedAll,
  type Decoded,
} from '../http/params.js';
import { newId } from '../ids.js';
import { mergeMetadata } from '../metadata.js';
import { renderCharge } from '../objects/charge.js';
import { cardOf } from '../objects/payment-method.js';
import { renderRefund } from '../objects/refund.js';
import type { ChargeRecord, RefundRecord } from '../state/records.js';
import type { Cause, World } from '../state/world.js';
import { draw } from './funds.js';
import { checkLeft, refundableCharge, unrefunded } from './refundable.js';
import { settleLater } from './settle.js';

const params = {
  amount: integer({ min: 1 }),
  charge: text(),
  expand,
  metadata,
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: boolean,
  reverse_transfer: boolean,
  ...unsupportedAll('currency', 'customer', 'instructions_email', 'origin'),
};
type Create = Decoded<typeof params>;

function check({ charge, payment_intent, ...asked }: Create): void {
  if (charge === undefined && payment_intent === undefined) {
    throw invalidRequest('Missing required param: charge.', {
      code: 'parameter_missing',
      param: 'charge',
    });
  }
  if (charge !== undefined && payment_intent !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.', {
      code: 'parameters_exclusive',
      param: 'charge',
    });
  }
  const subject = charge ?? payment_intent ?? '';
  if (asked.refund_application_fee === true) {
    throw invalidRequest(
      `Attempting to refund_application_fee on ${subject}, but it has no application fee`,
      { param: 'refund_application_fee' },
    );
  }
  if (asked.reverse_transfer === true) {
    throw invalidRequest(
      `Cannot reverse transfer on ${subject} because it does not have an associated transfer.`,
      { param: 'reverse_transfer' },
    );
  }
}

/** The beginning a card gives its refunds, https://docs.stripe.com/testing#refunds, if paid. */
function beginning(
  world: World,
  charge: ChargeRecord,
  amount: number,
): Pick<RefundRecord, 'next' | 'pendingReason' | 'status'> {
  if (!draw(world, amount)) {
    return { status: 'pending', next: null, pendingReason: 'insufficient_funds' };
  }
  const method = world.methods.get(charge.paymentMethod);
  switch (method === undefined ? 'succeeds' : cardOf(method).refund) {
    case 'succeeds':
      return { status: 'succeeded', next: null };
    case 'fails_later':
      return { status: 'succeeded', next: 'failed' };
    case 'succeeds_later':
      return { status: 'pending', next: 'succeeded' };
  }
}

/** Takes the amount off the charge and the balance. Stripe keeps the fee of the charge. */
function refund(world: World, cause: Cause, charge: ChargeRecord, asked: Create): RefundRecord {
  const id = newId('re');
  const amount = asked.amount ?? unrefunded(charge);
  const begins = beginning(world, charge, amount);
  const made: RefundRecord = {
    id,
    created: world.now(),
    amount,
    balanceTransaction: book(world, {
      amount: -amount,
      availableOn: availableWith(world, charge),
      currency: charge.currency,
      description: `REFUND FOR CHARGE (${charge.description ?? ''})`,
      fee: 0,
      source: id,
      type: 'refund',
    }),
    charge: charge.id,
    currency: charge.currency,
    failureReason: null,
    failureTransaction: null,
    metadata: {},
    reason: asked.reason ?? null,
    ...begins,
  };
  mergeMetadata(made, asked.metadata);
  const { amountRefunded: before } = charge;
  charge.amountRefunded += amount;
  charge.refunded = unrefunded(charge) === 0;
  world.charges.put(charge);
  world.refunds.put(made);
  world.emit('refund.created', renderRefund(world, made), cause);
  world.emit('charge.refunded', renderCharge(world, charge), cause, {
    amount_refunded: before,
    ...(charge.refunded ? { refunded: false } : {}),
  });
  return made;
}

/** POST /v1/refunds, https://docs.stripe.com/api/refunds/create */
export const createRefund = operation('POST', '/v1/refunds', {
  kind: 'refund',
  params,
  required: [],
  check,
  run({ world, ...cause }, asked) {
    const charge = refundableCharge(world, asked);
    checkLeft(charge, asked.amount ?? 0);
    const made = refund(world, cause, charge, asked);
    settleLater(world, made);
    return renderRefund(world, made);
  },
});
