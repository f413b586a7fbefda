import Stripe from 'stripe';
import { outcomeOf, outcomeOfError } from './outcomes.js';

const CARD = { brand: 'visa', last4: '4242', fingerprint: 'Xt5EWLLDS7FJjR1c' };

/** An intent for $118.45 with its charge expanded, as far as anyone looks at it. */
function intent(status: string, over: object = {}): Stripe.PaymentIntent {
  return {
    id: 'pi_1',
    status,
    amount: 11_845,
    amount_received: 0,
    amount_capturable: 0,
    currency: 'usd',
    client_secret: 'pi_1_secret_x',
    next_action: null,
    last_payment_error: null,
    latest_charge: { id: 'ch_1', payment_method_details: { card: CARD } },
    ...over,
  } as unknown as Stripe.PaymentIntent;
}

const charge = {
  reference: 'pi_1',
  amountCents: 11_845,
  currency: 'USD',
  methodFingerprint: CARD.fingerprint,
  cardBrand: 'visa',
  cardLast4: '4242',
};

describe('what an intent’s state means', () => {
  it('succeeded: what was received, not what was asked for', () => {
    expect(outcomeOf(intent('succeeded', { amount_received: 11_845 }))).toEqual({
      kind: 'succeeded',
      charge,
    });
    expect(outcomeOf(intent('succeeded', { amount_received: 5_000 }))).toMatchObject({
      charge: { amountCents: 5_000 },
    });
  });

  it('requires_capture: what can be captured', () => {
    expect(outcomeOf(intent('requires_capture', { amount_capturable: 11_845 }))).toEqual({
      kind: 'authorized',
      charge,
    });
  });

  it('requires_action: the secret and the page that the buyer needs', () => {
    const next_action = {
      type: 'redirect_to_url',
      redirect_to_url: { url: 'https://3ds.example', return_url: 'https://tickets.example' },
    };
    expect(outcomeOf(intent('requires_action', { next_action }))).toEqual({
      kind: 'requires_action',
      reference: 'pi_1',
      action: {
        clientSecret: 'pi_1_secret_x',
        type: 'redirect_to_url',
        url: 'https://3ds.example',
      },
    });
  });

  it('requires_action without a page is one for the SDK in the browser', () => {
    expect(outcomeOf(intent('requires_action'))).toMatchObject({
      action: { type: 'use_stripe_sdk', url: null },
    });
  });

  it('canceled after a failed attempt stays the decline it was, unless its time ran out', () => {
    const error = { code: 'card_declined', decline_code: 'lost_card', message: 'No.' };
    const failed = { last_payment_error: error, cancellation_reason: 'requested_by_customer' };
    expect(outcomeOf(intent('canceled', failed))).toMatchObject({
      kind: 'failed',
      reference: 'pi_1',
      decline: { declineCode: 'lost_card' },
    });
    const late = { ...failed, cancellation_reason: 'abandoned' };
    expect(outcomeOf(intent('canceled', late))).toMatchObject({ kind: 'cancelled', expired: true });
  });

  it('processing, canceled', () => {
    expect(outcomeOf(intent('processing'))).toEqual({ kind: 'processing', reference: 'pi_1' });
    expect(outcomeOf(intent('canceled'))).toEqual({
      kind: 'cancelled',
      reference: 'pi_1',
      expired: false,
    });
  });

  it('requires_payment_method: the attempt failed, with the reason if there is one', () => {
    const last_payment_error = {
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
    };
    expect(outcomeOf(intent('requires_payment_method', { last_payment_error }))).toEqual({
      kind: 'failed',
      reference: 'pi_1',
      decline: {
        code: 'card_declined',
        declineCode: 'insufficient_funds',
        message: 'Your card has insufficient funds.',
      },
    });
    const unnamed = intent('requires_payment_method', { last_payment_error: {} });
    expect(outcomeOf(unnamed)).toMatchObject({
      decline: { code: 'payment_method_required', declineCode: null },
    });
  });

  it('requires_payment_method without an error: nobody has tried, so nobody was declined', () => {
    expect(outcomeOf(intent('requires_payment_method'))).toMatchObject({ kind: 'unknown' });
  });

  it.each(['requires_confirmation', 'a state of years to come'])('%s: nobody knows', (status) => {
    expect(outcomeOf(intent(status))).toEqual({
      kind: 'unknown',
      reason: `the intent is ${status}`,
    });
  });

  it('is known without the charge, but for the card’s facts', () => {
    for (const latest_charge of [null, 'ch_1', { id: 'ch_1', payment_method_details: null }]) {
      expect(outcomeOf(intent('succeeded', { amount_received: 1, latest_charge }))).toMatchObject({
        charge: { methodFingerprint: null, cardBrand: null, cardLast4: null },
      });
    }
  });
});

describe('what a failed call means', () => {
  const raw = { message: 'No such luck', type: 'api_error' } as const;
  const { errors } = Stripe;

  it('a declined card: definitely failed, the issuer’s reason with it', () => {
    const error = new errors.StripeCardError({
      message: 'Your card was declined.',
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'lost_card',
      payment_intent: intent('requires_payment_method'),
    });
    expect(outcomeOfError(error)).toEqual({
      kind: 'failed',
      reference: 'pi_1',
      decline: {
        code: 'card_declined',
        declineCode: 'lost_card',
        message: 'Your card was declined.',
      },
    });
  });

  it('a card error without any detail is a decline all the same', () => {
    const error = new errors.StripeCardError({ message: 'No.', type: 'card_error' });
    expect(outcomeOfError(error)).toEqual({
      kind: 'failed',
      reference: null,
      decline: { code: 'card_declined', declineCode: null, message: 'No.' },
    });
  });

  it('a request that Stripe refuses: definitely failed, in words for a buyer', () => {
    const error = new errors.StripeInvalidRequestError({
      message: "No such PaymentMethod: 'pm_x'; a similar object exists in live mode",
      type: 'invalid_request_error',
      code: 'resource_missing',
      statusCode: 400,
    });
    expect(outcomeOfError(error)).toEqual({
      kind: 'failed',
      reference: null,
      decline: {
        code: 'resource_missing',
        declineCode: null,
        message: 'The payment method or the request was refused by the payment provider.',
      },
    });
  });

  it.each([
    ['time-out or reset', new errors.StripeConnectionError(raw)],
    ['5xx', new errors.StripeAPIError({ ...raw, statusCode: 500 })],
    ['429', new errors.StripeRateLimitError({ ...raw, statusCode: 429 })],
    ['401', new errors.StripeAuthenticationError({ ...raw, statusCode: 401 })],
    ['403', new errors.StripePermissionError({ ...raw, statusCode: 403 })],
    [
      'key used with other parameters',
      new errors.StripeIdempotencyError({ ...raw, statusCode: 400 }),
    ],
    ['409 in progress', new errors.StripeInvalidRequestError({ ...raw, statusCode: 409 })],
    ['bug of ours', new TypeError('x is not a function')],
    ['thrown text', 'oops'],
  ])('%s: nobody knows', (_, error) => {
    expect(outcomeOfError(error)).toMatchObject({ kind: 'unknown' });
  });

  it('tells of an unknown outcome its class only, nothing of the message', () => {
    const error = new errors.StripeConnectionError({ ...raw, message: 'sk_live_secret' });
    expect(outcomeOfError(error)).toEqual({ kind: 'unknown', reason: 'Error' });
  });
});
