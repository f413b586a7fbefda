import { derivedId } from '../../kernel/ids.js';
import { negate, toCents } from '../../kernel/money/index.js';
import { account, type Draw, type Journal, journal } from '../../ledger/ledger.contract.js';
import type { Difference } from './difference.js';
import { DISPUTE_FEE_RETURNED, PROCESSING_COST } from './movements.js';

/** What of a sale decides who bears what the provider takes for it. */
export interface CostBearing {
  readonly venueId: string;
  readonly payer: 'platform' | 'buyer' | 'venue';
  /** The day at the venue, `YYYY-MM-DD`. */
  readonly businessDate: string;
}

/** A cost's journal; `draw` says where a venue's part of it comes from. */
export interface CostPosting {
  readonly journal: Journal;
  readonly draw: Draw | null;
}

/** Can the books be mended by what the line itself says? */
export function isCost({ cause, movement }: Difference): boolean {
  return (
    cause === 'not_booked' && (movement === 'processing_cost' || movement === 'dispute_fee_return')
  );
}

/**
 * What the provider took for a charge (or gave back of a dispute's fee), as its line says. It is
 * the venue's where the sale's settings say so; else the platform's, which a buyer may have paid it
 * for with the price. One journal a line: its id follows from the line's.
 */
export function costJournal(
  cost: Difference & { readonly paymentId: string; readonly currency: string },
  { venueId, payer, businessDate }: CostBearing,
  provider: string,
): CostPosting {
  const { movement, paymentId, currency, subjectId } = cost;
  const returned = movement === 'dispute_fee_return';
  const kind = returned ? DISPUTE_FEE_RETURNED : PROCESSING_COST;
  const platforms = returned ? account.disputeFees : account.processingCost;
  const byVenue = !returned && payer === 'venue';
  const amount = toCents(cost.cents);
  const drawn = journal({
    id: derivedId(paymentId, `${kind} ${subjectId}`),
    kind,
    referenceId: paymentId,
    currency,
    businessDate,
    postings: [
      {
        account: byVenue ? account.venue(venueId, 'debt') : platforms,
        amount: negate(amount),
        code: kind,
      },
      { account: account.providerClearing(provider), amount, code: kind },
    ],
  });
  return { journal: drawn, draw: byVenue ? drawOn(venueId) : null };
}

/** What a venue bears is taken from what it has coming, then from what it has, and is owed beyond. */
function drawOn(venueId: string): Draw {
  return {
    code: PROCESSING_COST,
    from: [account.venue(venueId, 'pending'), account.venue(venueId, 'available')],
    lock: `venue ${venueId}`,
  };
}
