import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { centsToNumber } from '../../kernel/money/index.js';
import type { BegunPayment } from '../domain/payment.js';
import { feesView, orderPaymentView, transactionView } from '../domain/views.js';
import type { HistoryEntry } from '../queries/get-payment-events.js';
import type { PaymentProof } from '../queries/get-payment-proof.js';

/** A refusal passes; anything else is shown. */
function unless<T, V>(value: T | Refusal, show: (value: T) => V): V | Refusal {
  return isRefusal(value) ? value : show(value);
}

export function presentTransaction(found: BegunPayment | Refusal) {
  return unless(found, (payment) => ({
    transaction: transactionView(payment),
    fees: feesView(payment.sale.price),
    nftStatus: { status: 'not_configured', jobId: null, progress: 0, transactionHash: null },
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
