import type Stripe from 'stripe';
import type { World } from '../state/world.js';

/** https://docs.stripe.com/api/balance/balance_object: net of all transactions, per currency. */
export function renderBalance(world: World): Stripe.Balance {
  const now = world.now();
  const sums = new Map<string, { available: number; pending: number }>([
    ['usd', { available: 0, pending: 0 }],
  ]);
  for (const { currency, amount, fee, availableOn } of world.transactions.all()) {
    const sum = sums.get(currency) ?? { available: 0, pending: 0 };
    sum[availableOn <= now ? 'available' : 'pending'] += amount - fee;
    sums.set(currency, sum);
  }
  const column = (name: 'available' | 'pending') =>
    [...sums].map(([currency, sum]) => ({
      amount: sum[name],
      currency,
      source_types: { card: sum[name] },
    }));
  return {
    object: 'balance',
    available: column('available'),
    livemode: false,
    pending: column('pending'),
  };
}
