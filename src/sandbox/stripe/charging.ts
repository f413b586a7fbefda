import { book, nextPayout } from './booking.js';
import { disputeLater } from './disputes/open.js';
import { newId, randomText } from './ids.js';
import { cardOf } from './objects/payment-method.js';
import { renderCharge } from './objects/charge.js';
import type { Decline } from './cards.js';
import type { ChargeRecord, IntentRecord, MethodRecord } from './state/records.js';
import type { Cause, World } from './state/world.js';

const DAY = 86_400;
/** An uncaptured card payment is released after seven days. */
const AUTHORIZATION_LIFETIME = 7 * DAY;

/** Stripe's US list price for cards, 2.9 % + 30 ¢, half a cent rounded up: https://stripe.com/pricing. */
export const processingFee = (amount: number): number =>
  Math.floor((amount * 29 + 500) / 1000) + 30;

/** Charges the card behind `method`: one charge record, succeeded or failed, with its event. */
export function charge(
  world: World,
  cause: Cause | null,
  intent: IntentRecord,
  method: MethodRecord,
  attempt: { authenticated: boolean; decline: Decline | null },
): ChargeRecord {
  const { decline } = attempt;
  const manual = intent.captureMethod === 'manual';
  const made: ChargeRecord = {
    id: newId('ch'),
    created: world.now(),
    amount: intent.amount,
    amountCaptured: 0,
    amountRefunded: 0,
    authenticated: attempt.authenticated,
    balanceTransaction: null,
    captured: false,
    captureBefore: manual && decline === null ? world.now() + AUTHORIZATION_LIFETIME : null,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure:
      decline === null
        ? null
        : {
            code: decline.code,
            message: decline.message,
            declineCode: decline.declineCode,
            adviceCode: decline.adviceCode,
          },
    metadata: { ...intent.metadata },
    networkReference: randomText(15).toUpperCase(),
    paymentIntent: intent.id,
    paymentMethod: method.id,
    receiptEmail: intent.receiptEmail,
    refunded: false,
    statementDescriptorSuffix: intent.statementDescriptorSuffix,
    status: decline === null ? 'succeeded' : 'failed',
    transferGroup: intent.transferGroup,
  };
  intent.charges.push(made.id);
  if (decline === null && !manual) collect(world, made, made.amount);
  world.charges.put(made);
  const event = decline === null ? 'charge.succeeded' : 'charge.failed';
  world.emit(event, renderCharge(world, made), cause);
  return made;
}

/** Captures `amount` of an authorised charge; what is left goes back to the buyer. */
export function capture(world: World, cause: Cause, made: ChargeRecord, amount: number): void {
  collect(world, made, amount);
  made.amountRefunded = made.amount - amount;
  made.captureBefore = null;
  world.charges.put(made);
  world.emit('charge.captured', renderCharge(world, made), cause);
}

/** Lets go of an authorised, uncaptured charge. */
export function release(world: World, cause: Cause, made: ChargeRecord): void {
  made.amountRefunded = made.amount;
  made.refunded = true;
  made.captureBefore = null;
  world.charges.put(made);
  world.emit('charge.refunded', renderCharge(world, made), cause);
}

function collect(world: World, made: ChargeRecord, amount: number): void {
  made.captured = true;
  made.amountCaptured = amount;
  const lag = world.lags.balanceTransactionLagMs;
  if (lag === 0) bookTransaction(world, made);
  else {
    world.defer(lag, () => {
      bookLate(world, made);
      return true;
    });
  }
  disputeLater(world, made);
}

/** Books what a captured charge still lacks, and says so; also after a restart. */
export function bookLate(world: World, made: ChargeRecord): void {
  bookTransaction(world, made);
  world.charges.put(made);
  world.emit('charge.updated', renderCharge(world, made), null, { balance_transaction: null });
}

function bookTransaction(world: World, made: ChargeRecord): void {
  made.balanceTransaction = book(world, {
    amount: made.amountCaptured,
    availableOn: nextPayout(world),
    currency: made.currency,
    description: made.description,
    fee: processingFee(made.amountCaptured),
    source: made.id,
    type: 'charge',
  });
}

/** The issuer's answer to this card once nothing else stands in the way. */
export const issuerAnswer = (method: MethodRecord): Decline | null => cardOf(method).decline;
