import { newId } from '../ids.js';
import { renderDispute } from '../objects/dispute.js';
import { cardOf } from '../objects/payment-method.js';
import { unrefunded } from '../refunds/refundable.js';
import { settle } from '../refunds/settle.js';
import type { ChargeRecord, DisputeRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { withdraw } from './funds.js';

const DAY = 86_400;
/** Networks give 7 to 21 days; the last second of a day is the end. */
const DAYS_TO_RESPOND = 9;

export interface Opening {
  amount: number;
  inquiry: boolean;
  reason: string;
  /** Whether the money goes at once, as it does unless the bank only inquires. */
  withdraw: boolean;
}

/**
 * A buyer's bank disputes a captured charge. A refund still on its way fails then, so that the
 * buyer is not paid twice (`charge_for_pending_refund_disputed`).
 */
export function openDispute(world: World, charge: ChargeRecord, opening: Opening): DisputeRecord {
  const now = world.now();
  const dispute: DisputeRecord = {
    id: newId('du'),
    created: now,
    amount: opening.amount,
    charge: charge.id,
    currency: charge.currency,
    dueBy: (Math.floor(now / DAY) + DAYS_TO_RESPOND + 1) * DAY - 1,
    evidence: {},
    metadata: {},
    next: null,
    pastDue: false,
    reason: opening.reason,
    status: opening.inquiry ? 'warning_needs_response' : 'needs_response',
    submissionCount: 0,
    transactions: [],
    withdrawn: false,
  };
  charge.disputed = true;
  world.charges.put(charge);
  world.disputes.put(dispute);
  world.emit('charge.dispute.created', renderDispute(world, dispute), null);
  if (!opening.inquiry) failPendingRefunds(world, charge);
  if (opening.withdraw) withdraw(world, null, dispute);
  return dispute;
}

function failPendingRefunds(world: World, charge: ChargeRecord): void {
  for (const refund of world.refunds.all()) {
    if (refund.charge !== charge.id || refund.status !== 'pending') continue;
    settle(world, null, refund, 'failed', 'charge_for_pending_refund_disputed');
  }
}

/** Disputes a captured charge as its card is known to, once, unless all was refunded before. */
export function disputeLater(world: World, charge: ChargeRecord): void {
  const method = world.methods.get(charge.paymentMethod);
  const wanted = method === undefined ? null : cardOf(method).dispute;
  if (wanted === null) return;
  world.defer(world.lags.disputeLagMs, () => {
    if (charge.disputed || charge.refunded) return false;
    const amount = unrefunded(charge);
    openDispute(world, charge, { ...wanted, amount, withdraw: !wanted.inquiry });
    return true;
  });
}
