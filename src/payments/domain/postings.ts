import type { Uuid } from '../../kernel/ids.js';
import { type Cents, negate, subtract, toCents } from '../../kernel/money/index.js';
import { account, type Journal, journal, type Posting } from '../../ledger/ledger.contract.js';
import type { Sale } from './sale.js';

/**
 * The journal of a captured purchase: the buyer's total in the provider's clearing account against
 * tickets, fees and taxes. A fee that the venue or the platform bears is not in the buyer's total:
 * it is taken from that party's own line. A purchase
 * that moves nothing posts nothing.
 */
export function purchaseJournal(sale: Sale, id: Uuid, businessDate: string): Journal | null {
  const { price } = sale;
  const pending = account.venue(sale.venueId, 'pending');
  const platformFee = toCents(price.platformFee);
  const gasFee = toCents(price.gasFee);
  const postings: Posting[] = [
    debit(account.providerClearing(sale.charge.provider), toCents(price.total), 'charge'),
    credit(pending, toCents(price.subtotal), 'tickets'),
    credit(account.platformFees, platformFee, 'platform_fee'),
    credit(account.gasReserve, gasFee, 'gas_fee'),
    credit(account.processingRecovered, toCents(price.processingFee), 'processing_fee'),
    ...price.tax.lines.map((tax) =>
      credit(account.tax(tax.jurisdiction, tax.kind), toCents(tax.amountCents), 'tax'),
    ),
  ];
  if (price.payers.platformFee === 'venue') {
    postings.push(debit(pending, platformFee, 'platform_fee_borne'));
  }
  if (price.payers.gasFee === 'venue') postings.push(debit(pending, gasFee, 'gas_fee_borne'));
  if (price.payers.gasFee === 'platform') {
    postings.push(debit(account.platformFees, gasFee, 'gas_fee_borne'));
  }
  if (postings.every((posting) => posting.amount === 0n)) return null;
  return journal({
    id,
    kind: 'purchase',
    referenceId: sale.paymentId,
    currency: price.currency,
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

function debit(name: Posting['account'], amount: Cents, code: string): Posting {
  return { account: name, amount, code };
}

function credit(name: Posting['account'], amount: Cents, code: string): Posting {
  return { account: name, amount: negate(amount), code };
}
