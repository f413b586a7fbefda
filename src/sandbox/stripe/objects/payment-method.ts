import type Stripe from 'stripe';
import { testCard, type TestCard } from '../cards.js';
import type { MethodRecord } from '../state/records.js';

export const NO_ADDRESS: Stripe.Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

/** The test card behind a stored payment method. */
export function cardOf(method: MethodRecord): TestCard {
  const card = testCard(method.card);
  if (card === undefined) throw new Error(`payment method ${method.id} of no known card`);
  return card;
}

/** `display_brand` spells out what `brand` abbreviates. */
const displayBrand = (brand: TestCard['brand']): string =>
  brand === 'amex' ? 'american_express' : brand === 'diners' ? 'diners_club' : brand;

/** https://docs.stripe.com/api/payment_methods/object */
export function renderMethod(method: MethodRecord): Stripe.PaymentMethod {
  const card = cardOf(method);
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
      country: card.country,
      display_brand: displayBrand(card.brand),
      exp_month: 12,
      exp_year: 2034,
      fingerprint: card.fingerprint,
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: card.threeDSecure !== 'unsupported' },
      wallet: null,
    },
    created: method.created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}
