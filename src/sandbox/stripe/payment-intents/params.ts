import { invalidRequest } from '../http/errors.js';
import { expand } from '../http/list.js';
import {
  boolean,
  hashOf,
  integer,
  listOf,
  metadata,
  oneOf,
  text,
  unsettable,
  unsupported,
  unsupportedAll,
  type Rule,
} from '../http/params.js';

/** Smallest charge per currency, https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. */
const MINIMUM: Readonly<Record<string, number>> = { usd: 50, cad: 50, eur: 50, gbp: 30, aud: 50 };
const MAXIMUM = 99_999_999;

/** Three letters, upper or lower case. */
export const currency: Rule<string> = (value, param) => {
  const code = text(3)(value, param).toLowerCase();
  if (Object.hasOwn(MINIMUM, code)) return code;
  const known = Object.keys(MINIMUM).join(', ');
  throw invalidRequest(`Invalid currency: ${code}. The Stripe emulator knows ${known}.`, { param });
};

/** An amount as Stripe's refusals write it. */
export const decimal = (amount: number): string =>
  `$${String(Math.floor(amount / 100))}.${String(amount % 100).padStart(2, '0')}`;

/** Refuses amounts Stripe does not charge: `amount_too_small`, `amount_too_large`. */
export function checkAmount(amount: number, code: string): void {
  const minimum = MINIMUM[code] ?? 0;
  if (amount < minimum) {
    throw invalidRequest(`Amount must be at least ${decimal(minimum)} ${code}`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  if (amount > MAXIMUM) {
    throw invalidRequest(`Amount must be no more than ${decimal(MAXIMUM)} ${code}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
}

/** An http(s) address or an app's own scheme; nothing a browser would execute. */
export const returnUrl: Rule<string> = (value, param) => {
  const url = text()(value, param);
  const harmless = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^(javascript|data|file):/i.test(url);
  if (harmless && URL.canParse(url)) return url;
  throw invalidRequest('Not a valid URL', { code: 'url_invalid', param });
};

/** `true`, `false`, and the two words of old that also mean true. */
const offSession: Rule<boolean> = (value, param) =>
  value === 'recurring' || value === 'one_off' ? true : boolean(value, param);

const customer: Rule<string> = (value, param) => {
  const id = text()(value, param);
  if (/^cus_\w+$/.test(id)) return id;
  throw invalidRequest(`No such customer: '${id}'`, { code: 'resource_missing', param });
};

const trueOnly: Rule<true> = (value, param) =>
  boolean(value, param) ? true : unsupported(value, param);

/** What create, confirm and update have in common. */
const shared = {
  allowed_payment_method_types: listOf(oneOf('card')),
  expand,
  payment_method: text(),
  payment_method_options: hashOf({
    card: hashOf({
      request_three_d_secure: oneOf('any', 'automatic', 'challenge'),
      ...unsupportedAll(
        'capture_method',
        'cvc_token',
        'installments',
        'mandate_options',
        'moto',
        'network',
        'request_extended_authorization',
        'request_incremental_authorization',
        'request_multicapture',
        'request_overcapture',
        'require_cvc_recollection',
        'setup_credential_usage',
        'setup_future_usage',
        'statement_descriptor_suffix_kana',
        'statement_descriptor_suffix_kanji',
        'stored_credential_usage',
        'three_d_secure',
      ),
    }),
  }),
  receipt_email: unsettable(800),
  setup_future_usage: oneOf('off_session', 'on_session'),
  ...unsupportedAll(
    'amount_details',
    'excluded_payment_method_types',
    'hooks',
    'payment_details',
    'payment_method_data',
    'shipping',
  ),
};

/** What describes the payment rather than an attempt to pay it. */
const described = {
  amount: integer({ min: 1 }),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  currency,
  customer,
  description: unsettable(1000),
  metadata,
  statement_descriptor: unsettable(22),
  statement_descriptor_suffix: unsettable(22),
  transfer_group: unsettable(),
  ...unsupportedAll(
    'application_fee_amount',
    'customer_account',
    'payment_method_configuration',
    'transfer_data',
  ),
};

const attempted = {
  error_on_requires_action: boolean,
  off_session: offSession,
  return_url: returnUrl,
  use_stripe_sdk: boolean,
  ...unsupportedAll('confirmation_token', 'mandate', 'mandate_data', 'radar_options'),
};

export const createParams = {
  ...shared,
  ...described,
  ...attempted,
  automatic_payment_methods: hashOf({
    allow_redirects: oneOf('always', 'never'),
    enabled: boolean,
  }),
  confirm: boolean,
  confirmation_method: oneOf('automatic'),
  on_behalf_of: unsupported,
};

export const updateParams = { ...shared, ...described };

export const confirmParams = {
  ...shared,
  ...attempted,
  capture_method: described.capture_method,
  amount_to_confirm: unsupported,
};

export const captureParams = {
  amount_to_capture: integer({ min: 1 }),
  expand,
  final_capture: trueOnly,
  metadata,
  statement_descriptor: unsettable(22),
  statement_descriptor_suffix: unsettable(22),
  ...unsupportedAll(
    'amount_details',
    'application_fee_amount',
    'hooks',
    'payment_details',
    'transfer_data',
  ),
};

export const cancelParams = {
  cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
  expand,
};
