import type Stripe from 'stripe';
import type { TestCard } from '../cards.js';
import type { ChargeRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { NO_ADDRESS, cardOf } from './payment-method.js';

function outcome(charge: ChargeRecord, card: TestCard): Stripe.Charge.Outcome {
  const silent = { network_advice_code: null, network_decline_code: null };
  const risk = { risk_level: card.risk, risk_score: card.risk === 'normal' ? 20 : 85 };
  if (charge.failure === null) {
    return {
      ...silent,
      ...risk,
      advice_code: null,
      network_status: 'approved_by_network',
      reason: null,
      seller_message: 'Payment complete.',
      type: 'authorized',
    };
  }
  const blocked = card.decline?.blocked === true;
  return {
    ...silent,
    ...risk,
    advice_code: charge.failure.adviceCode,
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
    reason: blocked ? 'highest_risk_level' : charge.failure.declineCode,
    seller_message: blocked ? 'Stripe blocked this payment as too risky.' : 'The bank declined.',
    type: blocked ? 'blocked' : 'issuer_declined',
  };
}

const threeDSecure = (
  authenticated: boolean,
): Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure | null =>
  authenticated
    ? {
        authentication_flow: 'challenge',
        electronic_commerce_indicator: '05',
        exemption_indicator: null,
        result: 'authenticated',
        result_reason: null,
        transaction_id: null,
        version: '2.2.0',
      }
    : null;

function cardDetails(
  charge: ChargeRecord,
  card: TestCard,
): Stripe.Charge.PaymentMethodDetails.Card {
  const authorized = charge.status === 'succeeded';
  return {
    amount_authorized: authorized ? charge.amount : null,
    authorization_code: authorized ? charge.networkReference.slice(0, 6) : null,
    brand: card.brand,
    ...(charge.captureBefore === null ? {} : { capture_before: charge.captureBefore }),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2034,
    extended_authorization: { status: 'disabled' },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: charge.networkReference,
    overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: threeDSecure(charge.authenticated),
    transaction_link_id: null,
    wallet: null,
  };
}

/** https://docs.stripe.com/api/charges/object */
export function renderCharge(world: World, charge: ChargeRecord): Stripe.Charge {
  const method = world.methods.get(charge.paymentMethod);
  if (method === undefined) throw new Error(`charge ${charge.id} without its payment method`);
  const card = cardOf(method);
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: charge.amountRefunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: charge.balanceTransaction,
    billing_details: { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: charge.statementDescriptorSuffix ?? 'SANDBOX',
    captured: charge.captured,
    created: charge.created,
    currency: charge.currency,
    customer: charge.customer,
    description: charge.description,
    disputed: charge.disputed,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: charge.metadata,
    on_behalf_of: null,
    outcome: outcome(charge, card),
    paid: charge.status === 'succeeded',
    payment_intent: charge.paymentIntent,
    payment_method: charge.paymentMethod,
    payment_method_details: { type: 'card', card: cardDetails(charge, card) },
    receipt_email: charge.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: charge.refunded,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: charge.statementDescriptorSuffix,
    status: charge.status,
    transfer_data: null,
    transfer_group: charge.transferGroup,
  };
}
