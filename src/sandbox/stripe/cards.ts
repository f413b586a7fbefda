import { createHash } from 'node:crypto';

/** What the issuer says, https://docs.stripe.com/declines/codes. */
export interface Decline {
  code: string;
  declineCode: string;
  message: string;
  param: string | null;
  adviceCode: 'confirm_card_data' | 'do_not_try_again' | 'try_again_later' | null;
  /** Stopped by Stripe's own risk rules, before the issuer saw it. */
  blocked?: boolean;
}

/**
 * When the card asks for 3-D Secure: on every payment (`always`), on every payment with the buyer
 * present (`on_session`), only when the merchant asks (`optional`), or never.
 */
export type ThreeDSecure = 'always' | 'on_session' | 'optional' | 'unsupported';

/** A dispute that a test card brings by itself. An inquiry moves no money. */
export interface CardDispute {
  inquiry: boolean;
  reason: string;
}

export interface TestCard {
  brand: 'amex' | 'diners' | 'discover' | 'jcb' | 'mastercard' | 'unionpay' | 'visa';
  country: string;
  decline: Decline | null;
  /** What the buyer does with a payment that succeeded. */
  dispute: CardDispute | null;
  fingerprint: string;
  funding: 'credit' | 'debit' | 'prepaid';
  last4: string;
  /** What becomes of a refund to this card. */
  refund: 'fails_later' | 'succeeds' | 'succeeds_later';
  risk: 'elevated' | 'highest' | 'normal';
  threeDSecure: ThreeDSecure;
}

const decline = (
  code: string,
  declineCode: string,
  message: string,
  adviceCode: Decline['adviceCode'],
  param: string | null = null,
): Decline => ({ code, declineCode, message, param, adviceCode });

const DECLINED = 'Your card was declined.';
const INSUFFICIENT = decline(
  'card_declined',
  'insufficient_funds',
  'Your card has insufficient funds.',
  'try_again_later',
);
const GENERIC = decline('card_declined', 'generic_decline', DECLINED, 'try_again_later');
const PROCESSING = decline(
  'processing_error',
  'processing_error',
  'An error occurred while processing your card. Try again in a little bit.',
  'try_again_later',
);

/** Suffix of `pm_card_chargeDeclined…`: last four digits and the issuer's answer. */
const declines: Readonly<Record<string, readonly [last4: string, answer: Decline]>> = {
  '': ['0002', GENERIC],
  InsufficientFunds: ['9995', INSUFFICIENT],
  LostCard: ['9987', decline('card_declined', 'lost_card', DECLINED, 'do_not_try_again')],
  StolenCard: ['9979', decline('card_declined', 'stolen_card', DECLINED, 'do_not_try_again')],
  ExpiredCard: [
    '0069',
    decline(
      'expired_card',
      'expired_card',
      'Your card has expired.',
      'confirm_card_data',
      'exp_month',
    ),
  ],
  IncorrectCvc: [
    '0127',
    decline(
      'incorrect_cvc',
      'incorrect_cvc',
      "Your card's security code is incorrect.",
      'confirm_card_data',
      'cvc',
    ),
  ],
  ProcessingError: ['0119', PROCESSING],
  VelocityLimitExceeded: [
    '6975',
    decline(
      'card_declined',
      'card_velocity_exceeded',
      'Your card was declined for exceeding its amount or frequency limit.',
      'try_again_later',
    ),
  ],
  Fraudulent: [
    '0019',
    { ...decline('card_declined', 'fraudulent', DECLINED, null), blocked: true },
  ],
};

function card(last4: string, facts: Partial<TestCard> = {}): TestCard {
  const made = {
    brand: 'visa',
    country: 'US',
    decline: null,
    dispute: null,
    funding: 'credit',
    last4,
    refund: 'succeeds',
    risk: facts.decline?.blocked === true ? 'highest' : 'normal',
    threeDSecure: 'optional',
    ...facts,
  } satisfies Omit<TestCard, 'fingerprint'>;
  return { ...made, fingerprint: fingerprintOf(`${made.brand}:${made.country}:${last4}`) };
}

function fingerprintOf(number: string): string {
  const hash = createHash('sha256').update(number).digest('base64url');
  return hash.replaceAll(/[-_]/g, 'x').slice(0, 16);
}

const declined = Object.entries(declines).flatMap(([suffix, [last4, answer]]) =>
  ['pm_card_chargeDeclined', 'pm_card_visa_chargeDeclined'].map(
    (name) => [name + suffix, card(last4, { decline: answer })] as const,
  ),
);

/**
 * Stripe's documented test payment methods, https://docs.stripe.com/testing. Using one makes a
 * payment method of its own.
 */
export const testCards: ReadonlyMap<string, TestCard> = new Map<string, TestCard>([
  ['pm_card_visa', card('4242')],
  ['pm_card_visa_debit', card('5556', { funding: 'debit' })],
  ['pm_card_mastercard', card('4444', { brand: 'mastercard' })],
  ['pm_card_mastercard_debit', card('8210', { brand: 'mastercard', funding: 'debit' })],
  ['pm_card_mastercard_prepaid', card('5100', { brand: 'mastercard', funding: 'prepaid' })],
  ['pm_card_amex', card('8431', { brand: 'amex' })],
  ['pm_card_discover', card('1117', { brand: 'discover' })],
  ['pm_card_diners', card('0004', { brand: 'diners' })],
  ['pm_card_jcb', card('0505', { brand: 'jcb', country: 'JP' })],
  ['pm_card_unionpay', card('0005', { brand: 'unionpay', country: 'CN' })],
  ['pm_card_us', card('4242')],
  ['pm_card_ca', card('0000', { country: 'CA' })],
  ['pm_card_gb', card('0000', { country: 'GB' })],
  ['pm_card_de', card('0016', { country: 'DE' })],
  ['pm_card_fr', card('0003', { country: 'FR' })],
  ...declined,
  ['pm_card_chargeCustomerFail', card('0341', { decline: GENERIC })],
  ['pm_card_radarBlock', card('0019', { decline: declines['Fraudulent']?.[1] ?? GENERIC })],
  ['pm_card_riskLevelElevated', card('9235', { risk: 'elevated' })],
  ['pm_card_riskLevelHighest', card('4954', { risk: 'highest' })],
  ['pm_card_authenticationRequired', card('3184', { country: 'DE', threeDSecure: 'always' })],
  [
    'pm_card_authenticationRequiredOnSetup',
    card('3155', { country: 'FR', threeDSecure: 'always' }),
  ],
  [
    'pm_card_authenticationRequiredSetupForOffSession',
    card('0446', { country: 'IT', threeDSecure: 'on_session' }),
  ],
  [
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    card('3178', { country: 'GB', threeDSecure: 'always', decline: INSUFFICIENT }),
  ],
  ['pm_card_threeDSecureRequired', card('3063', { threeDSecure: 'always' })],
  ['pm_card_threeDSecure2Required', card('3220', { country: 'IE', threeDSecure: 'always' })],
  [
    'pm_card_threeDSecureRequiredChargeDeclined',
    card('1629', { threeDSecure: 'always', decline: GENERIC }),
  ],
  [
    'pm_card_threeDSecureRequiredProcessingError',
    card('1280', { threeDSecure: 'always', decline: PROCESSING }),
  ],
  ['pm_card_threeDSecureOptional', card('3055')],
  [
    'pm_card_amex_threeDSecureNotSupported',
    card('0005', { brand: 'amex', threeDSecure: 'unsupported' }),
  ],
  ['pm_card_createDispute', card('0259', { dispute: { inquiry: false, reason: 'fraudulent' } })],
  [
    'pm_card_createDisputeProductNotReceived',
    card('2685', { dispute: { inquiry: false, reason: 'product_not_received' } }),
  ],
  ['pm_card_createDisputeInquiry', card('1976', { dispute: { inquiry: true, reason: 'general' } })],
  ['pm_card_refundFail', card('5126', { refund: 'fails_later' })],
  ['pm_card_pendingRefund', card('7726', { refund: 'succeeds_later' })],
  ['pm_card_bypassPending', card('0077')],
]);

const ONE_OF_MANY = /^(pm_card_\w+?)_no_(\d{1,9})$/;

/**
 * The card that a test name stands for. What Stripe has not: `pm_card_visa_no_7` behaves as
 * `pm_card_visa` does, but is a card of its own, so that a crowd can pay without sharing one.
 */
export function testCard(name: string): TestCard | undefined {
  const known = testCards.get(name);
  if (known) return known;
  const [, kind = '', number = ''] = ONE_OF_MANY.exec(name) ?? [];
  const alike = testCards.get(kind);
  return (
    alike && { ...alike, fingerprint: fingerprintOf(`${alike.fingerprint}:${Number(number)}`) }
  );
}
