import { derivedId, type Uuid } from '../../kernel/ids.js';
import { negate, toCents } from '../../kernel/money/index.js';
import { account, type Draw, type Journal, journal } from '../../ledger/ledger.contract.js';
import type { Difference } from './difference.js';
import { DISPUTE_FEE, DISPUTE_FEE_RETURNED, PROCESSING_COST } from './movements.js';

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

/** What the line itself says of a payment's cost. */
export type Cost = Difference & { readonly paymentId: Uuid; readonly currency: string };

/** Can the books be mended by what the line itself says? */
export function isCost(difference: Difference): difference is Cost {
  const { cause, movement, paymentId, currency } = difference;
  if (cause !== 'not_booked' || paymentId === null || currency === null) return false;
  return movement in KINDS;
}

/** The provider's dispute whose fee a cost is; null where it is none. */
export function disputeOf({ movement, details }: Cost): string | null {
  return movement === 'dispute_fee' && typeof details.source === 'string' ? details.source : null;
}

const KINDS: Readonly<Partial<Record<Difference['movement'], string>>> = {
  processing_cost: PROCESSING_COST,
  dispute_fee: DISPUTE_FEE,
  dispute_fee_return: DISPUTE_FEE_RETURNED,
};

/**
 * What the provider took for a charge or a dispute (or gave back of a dispute's fee), as its line
 * says. A charge's is the venue's where the sale's settings say so; else the platform's, which a
 * buyer may have paid it for with the price. One journal a line: its id follows from the line's,
 * but a dispute's fee is `feeId`, under which payments post it as well.
 */
export function costJournal(
  cost: Cost,
  { venueId, payer, businessDate }: CostBearing,
  provider: string,
  feeId: Uuid | null = null,
): CostPosting {
  const { movement, paymentId, currency, subjectId } = cost;
  const kind = KINDS[movement] ?? PROCESSING_COST;
  const ofCharge = kind === PROCESSING_COST;
  const platforms = ofCharge ? account.processingCost : account.disputeFees;
  const byVenue = ofCharge && payer === 'venue';
  const amount = toCents(cost.cents);
  const drawn = journal({
    id: feeId ?? derivedId(paymentId, `${kind} ${subjectId}`),
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
