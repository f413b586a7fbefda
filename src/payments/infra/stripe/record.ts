import type Stripe from 'stripe';
import type { ProviderRecord } from '../payment-provider.js';
import { listedDispute } from './disputes.js';
import { listedRefund } from './refunds.js';

const PAGE = 100;
/** Of one charge; the most that are read. */
const ALL = { limit: 1_000 };

/** A charge's refunds and disputes, oldest first, as they happened. Throws as the SDK does. */
export async function recordOf(stripe: Stripe, reference: string): Promise<ProviderRecord> {
  const charge = { payment_intent: reference, limit: PAGE };
  const [refunds, disputes] = await Promise.all([
    stripe.refunds.list(charge).autoPagingToArray(ALL),
    stripe.disputes.list(charge).autoPagingToArray(ALL),
  ]);
  return {
    refunds: refunds.reverse().map(listedRefund),
    disputes: disputes.reverse().map(listedDispute),
  };
}
