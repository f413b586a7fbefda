import Stripe from 'stripe';
import type { ProviderCharge, ProviderRecord } from './provider-record.js';

const PAGE = { limit: 100 };

/** Where Stripe answers, and as which account. */
export interface StripeAccess {
  readonly apiBase: string;
  readonly secretKey: string;
}

/** Reads the account's charges, refunds and disputes, all of them, from Stripe's own lists. */
export async function readStripe({ apiBase, secretKey }: StripeAccess): Promise<ProviderRecord> {
  const { hostname, port, protocol } = new URL(apiBase);
  const secure = protocol === 'https:';
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
    timeout: 30_000,
    maxNetworkRetries: 2,
    telemetry: false,
  });
  const [charges, refunds, disputes] = await Promise.all([
    all(stripe.charges.list({ ...PAGE, expand: ['data.payment_intent'] })),
    all(stripe.refunds.list(PAGE)),
    all(stripe.disputes.list(PAGE)),
  ]);
  return {
    charges: charges.filter(({ status }) => status === 'succeeded').map(chargeOf),
    refunds: refunds.map((refund) => ({
      id: refund.id,
      charge: idOf(refund.charge),
      refund_id: refund.metadata?.refund_id ?? null,
      amount: refund.amount,
      currency: refund.currency,
      status: refund.status ?? 'unknown',
      created: instant(refund.created),
    })),
    disputes: disputes.map((dispute) => ({
      id: dispute.id,
      charge: idOf(dispute.charge) ?? '',
      amount: dispute.amount,
      currency: dispute.currency,
      status: dispute.status,
      created: instant(dispute.created),
    })),
  };
}

function chargeOf(charge: Stripe.Charge): ProviderCharge {
  const intent = charge.payment_intent;
  return {
    id: charge.id,
    intent: idOf(intent),
    payment_id: charge.metadata.payment_id ?? null,
    tenant_id: charge.metadata.tenant_id ?? null,
    amount: charge.amount,
    taken: charge.amount_captured,
    captured: charge.captured,
    cancelled: typeof intent === 'object' && intent?.status === 'canceled',
    currency: charge.currency,
    created: instant(charge.created),
  };
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of list) found.push(each);
  return found;
}

function idOf(value: string | { readonly id: string } | null): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null);
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
