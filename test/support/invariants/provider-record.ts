import type { ProviderRecord } from '../../../src/auditor/provider/provider-record.js';
import type { TruthDump } from '../../../src/sandbox/stripe/truth.js';

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The emulator's memory as the auditor reads it from Stripe's lists, without asking over HTTP. */
export function providerRecord({ intents, charges, refunds, disputes }: TruthDump): ProviderRecord {
  const cancelled = new Set(
    intents.filter(({ status }) => status === 'canceled').map(({ id }) => id),
  );
  return {
    charges: charges
      .filter(({ status }) => status === 'succeeded')
      .map((charge) => ({
        id: charge.id,
        intent: charge.paymentIntent,
        payment_id: charge.metadata.payment_id ?? null,
        tenant_id: charge.metadata.tenant_id ?? null,
        amount: charge.amount,
        taken: charge.amountCaptured,
        captured: charge.captured,
        cancelled: cancelled.has(charge.paymentIntent),
        currency: charge.currency,
        created: instant(charge.created),
      })),
    refunds: refunds.map(({ id, charge, metadata, amount, currency, status, created }) => ({
      id,
      charge,
      refund_id: metadata.refund_id ?? null,
      amount,
      currency,
      status,
      created: instant(created),
    })),
    disputes: disputes.map(({ id, charge, amount, currency, status, created }) => ({
      id,
      charge,
      amount,
      currency,
      status,
      created: instant(created),
    })),
  };
}
