import type { Uuid } from '../../kernel/ids.js';
import { type Cents, negate, subtract, toCents } from '../../kernel/money/index.js';
import { account, type Journal, journal, type Posting } from '../../ledger/ledger.contract.js';
import { type PaidLine, paidLines } from './paid-lines.js';
import type { Sale } from './sale.js';

/**
 * The journal of a captured purchase: the buyer's money in the provider's clearing account against
 * tickets, fees and taxes. A fee that the venue or the platform bears is not in the buyer's total:
 * it is taken from that party's own line. A purchase that moves nothing posts nothing.
 */
export function purchaseJournal(
  sale: Sale,
  capturedCents: number,
  id: Uuid,
  businessDate: string,
): Journal | null {
  const lines = paidLines(sale, capturedCents);
  const postings: Posting[] = [
    debit(account.providerClearing(sale.charge.provider), toCents(capturedCents), 'charge'),
    ...lines.map((line) => credit(line.account, toCents(line.cents), line.code)),
    ...lines
      .filter((line) => line.bearer !== 'buyer')
      .map((line) => debit(bornBy(line, sale), toCents(line.cents), `${line.code}_borne`)),
  ];
  if (postings.every((posting) => posting.amount === 0n)) return null;
  return journal({
    id,
    kind: 'purchase',
    referenceId: sale.paymentId,
    currency: sale.price.currency,
    businessDate,
    postings,
  });
}

/** Money that came for a sale that had ended: it is the buyer's, on its way back. */
export function lateChargeJournal(sale: Sale, id: Uuid, businessDate: string): Journal {
  const total = toCents(sale.price.total);
  return journal({
    id,
    kind: 'late_charge',
    referenceId: sale.paymentId,
    currency: sale.price.currency,
    businessDate,
    postings: [
      debit(account.providerClearing(sale.charge.provider), total, 'charge'),
      credit(account.refundsPending, total, 'late_charge'),
    ],
  });
}

/** What the venue keeps of a sale: its tickets less the fees it bears. */
export function venuePayout(sale: Sale): Cents {
  const { price } = sale;
  let payout = toCents(price.subtotal);
  if (price.payers.platformFee === 'venue') payout = subtract(payout, toCents(price.platformFee));
  if (price.payers.gasFee === 'venue') payout = subtract(payout, toCents(price.gasFee));
  return payout;
}

/** The account of the party that bears a line the buyer does not. */
export function bornBy(line: PaidLine, sale: Sale): Posting['account'] {
  return line.bearer === 'venue' ? account.venue(sale.venueId, 'pending') : account.platformFees;
}

export function debit(name: Posting['account'], amount: Cents, code: string): Posting {
  return { account: name, amount, code };
}

export function credit(name: Posting['account'], amount: Cents, code: string): Posting {
  return { account: name, amount: negate(amount), code };
}
