import { invalidRequest } from '../http/errors.js';
import type { RefundRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { settle } from './settle.js';

/**
 * What the platform's account can still pay refunds from, in minor units, and what becomes of a
 * refund that is more: it waits for money (https://docs.stripe.com/refunds, `pending_reason`), or it
 * is refused as older accounts' are (https://docs.stripe.com/error-codes#balance-insufficient).
 */
export interface Funds {
  cents: number;
  beyond: 'pending' | 'refused';
}

/** Takes a refund out of the funds; false where they are short. Refuses where they refuse. */
export function draw({ funds }: World, amount: number): boolean {
  if (funds === null) return true;
  if (amount <= funds.cents) {
    funds.cents -= amount;
    return true;
  }
  if (funds.beyond === 'pending') return false;
  throw invalidRequest('Your account has insufficient funds to refund this amount.', {
    code: 'balance_insufficient',
  });
}

/** Pays what waits for money, the oldest first, as far as the funds reach. */
export function payWaiting(world: World): void {
  const waits = ({ status, pendingReason }: RefundRecord) =>
    status === 'pending' && pendingReason === 'insufficient_funds';
  for (const refund of world.refunds.all().filter(waits)) {
    if (world.funds !== null && refund.amount > world.funds.cents) return;
    draw(world, refund.amount);
    settle(world, null, refund, 'succeeded');
  }
}
