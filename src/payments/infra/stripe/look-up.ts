import type Stripe from 'stripe';
import type { Sale } from '../../domain/sale.js';

/** How far the provider's clock may be from ours. */
const SKEW_SECONDS = 120;
/** Nearly every charge is made at once; one asked for again can be as late as its key lives. */
const WINDOWS_SECONDS = [SKEW_SECONDS, 86_400];
const PAGES = 20;
const PAGE_SIZE = 100;

/**
 * Looks a charge up at the provider by our operation id: first through the list, which is
 * consistent, then through the search, which lags (an absence there proves nothing).
 */
export async function findByMetadata(
  stripe: Stripe,
  sale: Sale,
): Promise<Stripe.PaymentIntent | null> {
  for (const window of WINDOWS_SECONDS) {
    const listed = await findInList(stripe, sale, window);
    if (listed) return listed;
  }
  return findInSearch(stripe, sale);
}

async function findInList(
  stripe: Stripe,
  sale: Sale,
  windowSeconds: number,
): Promise<Stripe.PaymentIntent | null> {
  const began = Math.floor(Date.parse(sale.startedAt) / 1000);
  const created = { gte: began - SKEW_SECONDS, lte: began + windowSeconds };
  let after: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { data, has_more } = await stripe.paymentIntents.list({
      created,
      limit: PAGE_SIZE,
      expand: ['data.latest_charge'],
      ...(after && { starting_after: after }),
    });
    const ours = data.find((intent) => isOurs(intent, sale));
    if (ours) return ours;
    after = data.at(-1)?.id;
    if (!has_more) break;
  }
  return null;
}

async function findInSearch(stripe: Stripe, sale: Sale): Promise<Stripe.PaymentIntent | null> {
  const { data } = await stripe.paymentIntents.search({
    query: `metadata['operation_id']:'${sale.charge.operationId}'`,
    expand: ['data.latest_charge'],
    limit: 1,
  });
  return data.find((intent) => isOurs(intent, sale)) ?? null;
}

function isOurs(intent: Stripe.PaymentIntent, sale: Sale): boolean {
  return intent.metadata.operation_id === sale.charge.operationId;
}
