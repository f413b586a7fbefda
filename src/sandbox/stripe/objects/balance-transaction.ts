import type Stripe from 'stripe';
import type { TransactionRecord } from '../state/records.js';
import type { World } from '../state/world.js';

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
    fee_details: [
      {
        amount: transaction.fee,
        application: null,
        currency: transaction.currency,
        description: 'Stripe processing fees',
        type: 'stripe_fee',
      },
    ],
    net: transaction.amount - transaction.fee,
    reporting_category: 'charge',
    source: transaction.source,
    status: transaction.availableOn <= world.now() ? 'available' : 'pending',
    type: transaction.type,
  };
}
