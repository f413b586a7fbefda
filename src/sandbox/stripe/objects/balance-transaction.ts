import type Stripe from 'stripe';
import type { TransactionRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** https://docs.stripe.com/reports/reporting-categories; every adjustment here is a dispute's. */
function reportingCategory({ amount, type }: TransactionRecord): string {
  if (type !== 'adjustment') return type;
  return amount < 0 ? 'dispute' : 'dispute_reversal';
}

function feeDetails({
  currency,
  fee,
  type,
}: TransactionRecord): Stripe.BalanceTransaction.FeeDetail[] {
  if (fee === 0) return [];
  const description = type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees';
  return [{ amount: fee, application: null, currency, description, type: 'stripe_fee' }];
}

/** https://docs.stripe.com/api/balance_transactions/object */
export function renderTransaction(
  world: World,
  transaction: TransactionRecord,
): Stripe.BalanceTransaction {
  return {
    id: transaction.id,
    object: 'balance_transaction',
    amount: transaction.amount,
    available_on: transaction.availableOn,
    balance_type: 'payments',
    created: transaction.created,
    currency: transaction.currency,
    description: transaction.description,
    exchange_rate: null,
    fee: transaction.fee,
    fee_details: feeDetails(transaction),
    net: transaction.amount - transaction.fee,
    reporting_category: reportingCategory(transaction),
    source: transaction.source,
    status: transaction.availableOn <= world.now() ? 'available' : 'pending',
    type: transaction.type,
  };
}
