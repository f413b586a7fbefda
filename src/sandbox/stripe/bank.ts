import { decide } from './disputes/decide.js';
import { reinstate, withdraw } from './disputes/funds.js';
import { openDispute, type Opening } from './disputes/open.js';
import { disputeOf } from './disputes/read.js';
import { invalidRequest, noSuch } from './http/errors.js';
import { renderDispute } from './objects/dispute.js';
import { renderRefund } from './objects/refund.js';
import { unrefunded } from './refunds/refundable.js';
import { type Funds, payWaiting } from './refunds/funds.js';
import { refundOf } from './refunds/read.js';
import { settle, type RefundOutcome } from './refunds/settle.js';
import type { DisputeOutcome } from './state/records.js';
import type { World } from './state/world.js';

/** What banks and card networks do without being asked. Throws `StripeFailure` where they cannot. */
export class Bank {
  constructor(private readonly world: World) {}

  /** Does now what would happen by itself later: refunds, disputes and verdicts that are due. */
  advance(): number {
    return this.world.advance();
  }

  /**
   * Limits what refunds can be paid from, until told otherwise; null: no limit. Refunds that waited
   * for money are paid as far as it reaches.
   */
  limitFunds(funds: Funds | null): void {
    this.world.funds = funds && { ...funds };
    payWaiting(this.world);
  }

  /** Moves a refund on. Refuses what cannot follow its status. */
  settleRefund(id: string, outcome: RefundOutcome, failureReason?: string): object {
    const refund = refundOf(this.world, id);
    const { status } = refund;
    if (!settle(this.world, null, refund, outcome, failureReason)) {
      throw invalidRequest(`Refund ${id} is ${status} and cannot become ${outcome}.`);
    }
    return renderRefund(this.world, refund);
  }

  /** Disputes a captured charge: what is left of it and as fraudulent, unless told otherwise. */
  openDispute(chargeId: string, asked: Partial<Opening> = {}): object {
    const charge = this.world.charges.get(chargeId);
    if (charge === undefined) throw noSuch('charge', chargeId, 'charge', 404);
    const { inquiry = false, reason = 'fraudulent' } = asked;
    const { amount = unrefunded(charge), withdraw: takes = !inquiry } = asked;
    if (!charge.captured || amount < 1 || amount > charge.amountCaptured) {
      throw invalidRequest(`Charge ${chargeId} cannot be disputed for ${String(amount)}.`);
    }
    const opening = { amount, inquiry, reason, withdraw: takes };
    return renderDispute(this.world, openDispute(this.world, charge, opening));
  }

  /** Decides a dispute or an inquiry. Refuses what cannot follow its status. */
  decideDispute(id: string, outcome: DisputeOutcome, options?: { returnFee?: boolean }): object {
    const dispute = disputeOf(this.world, id);
    const { status } = dispute;
    if (!decide(this.world, null, dispute, outcome, options)) {
      throw invalidRequest(`Dispute ${id} is ${status} and cannot become ${outcome}.`);
    }
    return renderDispute(this.world, dispute);
  }

  /** Moves the disputed money apart from the decision. Refuses to move it twice the same way. */
  moveDisputeFunds(
    id: string,
    move: 'reinstate' | 'withdraw',
    options: { returnFee?: boolean } = {},
  ): object {
    const dispute = disputeOf(this.world, id);
    const moved =
      move === 'withdraw'
        ? withdraw(this.world, null, dispute)
        : reinstate(this.world, null, dispute, options.returnFee);
    if (!moved) throw invalidRequest(`Dispute ${id} has no funds to ${move}.`);
    return renderDispute(this.world, dispute);
  }
}
