import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { centsToNumber } from '../../kernel/money/index.js';
import type { BegunPayment } from '../domain/payment.js';
import { feesView, orderPaymentView, transactionView } from '../domain/views.js';
import type { CalculatedFees } from '../queries/calculate-fees.js';
import type { HistoryEntry } from '../queries/get-payment-events.js';
import type { PaymentProof } from '../queries/get-payment-proof.js';
import type { Transaction } from '../queries/get-transaction.js';
import { gasEstimatesView } from './gas-estimates.view.js';

/** A refusal passes; anything else is shown. */
function unless<T, V>(value: T | Refusal, show: (value: T) => V): V | Refusal {
  return isRefusal(value) ? value : show(value);
}

export function presentFees(found: CalculatedFees | Refusal) {
  return unless(found, ({ gasEstimates, ...fees }) => ({
    ...fees,
    gasEstimates: gasEstimatesView(gasEstimates),
  }));
}

export function presentTransaction(found: Transaction | Refusal) {
  return unless(found, ({ payment, nftStatus }) => ({
    transaction: transactionView(payment),
    fees: feesView(payment.sale.price),
    nftStatus,
  }));
}

export function presentOrderPayment(found: BegunPayment | Refusal) {
  return unless(found, orderPaymentView);
}

export function presentHistory(found: readonly HistoryEntry[] | Refusal) {
  return unless(found, (events) => ({ events }));
}

export function presentProof(found: PaymentProof | Refusal) {
  return unless(found, ({ payment, fees, journals, sums, clearingEqualsCaptured }) => ({
    transaction: transactionView(payment),
    fees,
    journals: journals.map((journal) => ({
      id: journal.id,
      kind: journal.kind,
      postedAt: journal.postedAt.toISOString(),
      currency: journal.currency,
      postings: journal.postings.map((posting) => ({
        account: posting.account,
        code: posting.code,
        amount: centsToNumber(posting.amount),
      })),
    })),
    sums,
    balanced: Object.values(sums).every((sum) => sum === 0),
    clearingEqualsCaptured,
  }));
}
