import type { BegunPayment } from '../../src/payments/domain/payment.js';
import type {
  Decline,
  ProviderCharge,
  ProviderOutcome,
} from '../../src/payments/domain/provider-outcome.js';
import { sale } from './sale.js';

/** A charge that Stripe holds on a Visa card for the builders' sale. */
export function providerCharge(over: Partial<ProviderCharge> = {}): ProviderCharge {
  return {
    reference: 'pi_1',
    amountCents: 11_845,
    currency: 'USD',
    methodFingerprint: 'Xt5EWLLDS7FJjR1c',
    cardBrand: 'visa',
    cardLast4: '4242',
    ...over,
  };
}

export function decline(over: Partial<Decline> = {}): Decline {
  return {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
    ...over,
  };
}

export type OutcomeKind = ProviderOutcome['kind'];

/** One outcome of every kind. */
export const OUTCOMES: { readonly [K in OutcomeKind]: Extract<ProviderOutcome, { kind: K }> } = {
  succeeded: { kind: 'succeeded', charge: providerCharge() },
  authorized: { kind: 'authorized', charge: providerCharge() },
  requires_action: {
    kind: 'requires_action',
    reference: 'pi_1',
    action: { clientSecret: 'pi_1_secret_x', type: 'redirect_to_url', url: 'https://3ds.example' },
  },
  processing: { kind: 'processing', reference: 'pi_1' },
  failed: { kind: 'failed', reference: 'pi_1', decline: decline() },
  cancelled: { kind: 'cancelled', reference: 'pi_1', expired: false },
  unknown: { kind: 'unknown', reason: 'StripeConnectionError' },
};

/** A payment that has begun and of which the provider has said nothing yet. */
export function begunPayment(over: Partial<BegunPayment> = {}): BegunPayment {
  return {
    status: 'PROCESSING',
    sale: sale(),
    reference: null,
    charge: null,
    capturedCents: 0,
    decline: null,
    actionOffered: false,
    late: false,
    refunds: {},
    disputes: {},
    ...over,
  };
}
