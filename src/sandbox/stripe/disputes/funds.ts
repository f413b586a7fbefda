import { availableWith, book } from '../booking.js';
import { renderDispute } from '../objects/dispute.js';
import type { DisputeRecord } from '../state/records.js';
import type { Cause, World } from '../state/world.js';

/** What Stripe takes for a dispute in the United States: https://stripe.com/pricing. */
const DISPUTE_FEE = 1500;

function move(
  world: World,
  dispute: DisputeRecord,
  moved: { amount: number; fee: number; what: 'reversal' | 'withdrawal' },
): void {
  const charge = world.charges.get(dispute.charge);
  if (charge === undefined) throw new Error(`dispute ${dispute.id} without its charge`);
  const id = book(world, {
    amount: moved.amount,
    availableOn: availableWith(world, charge),
    currency: dispute.currency,
    description: `Chargeback ${moved.what} for ${charge.id}`,
    fee: moved.fee,
    source: dispute.id,
    type: 'adjustment',
  });
  dispute.transactions.push(id);
  dispute.withdrawn = moved.what === 'withdrawal';
  world.disputes.put(dispute);
}

/** Takes the disputed amount and the fee off the balance; false when they are off it already. */
export function withdraw(world: World, cause: Cause | null, dispute: DisputeRecord): boolean {
  if (dispute.withdrawn) return false;
  move(world, dispute, { amount: -dispute.amount, fee: DISPUTE_FEE, what: 'withdrawal' });
  world.emit('charge.dispute.funds_withdrawn', renderDispute(world, dispute), cause);
  return true;
}

/** Gives the amount back, the fee only where asked to; false when there is nothing to give back. */
export function reinstate(
  world: World,
  cause: Cause | null,
  dispute: DisputeRecord,
  returnFee = false,
): boolean {
  if (!dispute.withdrawn) return false;
  const fee = returnFee ? -DISPUTE_FEE : 0;
  move(world, dispute, { amount: dispute.amount, fee, what: 'reversal' });
  world.emit('charge.dispute.funds_reinstated', renderDispute(world, dispute), cause);
  return true;
}
