import { renderDispute } from '../objects/dispute.js';
import type { DisputeOutcome, DisputeRecord, DisputeStatus } from '../state/records.js';
import type { Cause, World } from '../state/world.js';
import { reinstate, withdraw } from './funds.js';

const CHARGEBACK: readonly DisputeStatus[] = ['needs_response', 'under_review'];
const INQUIRY: readonly DisputeStatus[] = ['warning_needs_response', 'warning_under_review'];

/** Out of which states each outcome comes; a closed dispute stays as it is. */
const DECIDES: Readonly<Record<DisputeOutcome, readonly DisputeStatus[]>> = {
  won: CHARGEBACK,
  lost: CHARGEBACK,
  warning_closed: INQUIRY,
  escalated: INQUIRY,
};

/**
 * The bank's answer, with its money. An escalated inquiry becomes a dispute that is open anew and
 * takes the amount and the fee. False, and nothing done, where that outcome cannot follow.
 */
export function decide(
  world: World,
  cause: Cause | null,
  dispute: DisputeRecord,
  outcome: DisputeOutcome,
  options: { returnFee?: boolean } = {},
): boolean {
  if (!DECIDES[outcome].includes(dispute.status)) return false;
  const previous = { status: dispute.status };
  dispute.next = null;
  dispute.status = outcome === 'escalated' ? 'needs_response' : outcome;
  world.disputes.put(dispute);
  if (outcome === 'escalated') {
    world.emit('charge.dispute.updated', renderDispute(world, dispute), cause, previous);
    withdraw(world, cause, dispute);
    return true;
  }
  if (outcome === 'won') reinstate(world, cause, dispute, options.returnFee);
  world.emit('charge.dispute.closed', renderDispute(world, dispute), cause, previous);
  return true;
}

/** Lets the bank read what was submitted; also after a restart. */
export function decideLater(world: World, dispute: DisputeRecord): void {
  if (dispute.next === null) return;
  world.defer(
    world.lags.disputeLagMs,
    () => dispute.next !== null && decide(world, null, dispute, dispute.next),
  );
}
